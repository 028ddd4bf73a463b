using System.Collections.Concurrent;
using System.Text;
using Portcullis.Clients.Git;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;

namespace Portcullis.Sources.Fetch;

/// <summary>
/// The manifests of a commit's folder. Files are remembered by blob, so that an unchanged file is parsed once however many commits
/// pass by, and only the blobs of changed files are read.
/// </summary>
internal sealed class ManifestTree(ManifestReader reader, ManifestLimits limits)
{
    /// <summary>Files that one thread parses at a time: enough that handing them over costs little.</summary>
    private const int Batch = 32;

    /// <summary>PATH_MAX: no link is longer.</summary>
    private const int LinkLimit = 4096;

    private const int LinkCountLimit = 1000;

    private Dictionary<string, ParsedFile> _parsed = new(StringComparer.Ordinal);

    /// <summary>Files parsed since the start: what a test of increments counts.</summary>
    public int ParsedFiles { get; private set; }

    /// <summary>The files, problems that are not of any file's content, and notes on what is left out.</summary>
    public async Task<(IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<string> Notes)> ReadAsync(
        GitRepository repository, string commit, string folder, CancellationToken cancellationToken)
    {
        var entries = await repository.ReadTreeAsync(commit, folder, cancellationToken);
        if (folder.Length > 0 && NoFolder(entries, folder) is { } wrong)
        {
            return ([], [new RevisionProblem(new SourcePosition(folder, 1), wrong)], []);
        }

        var filter = await FilterAsync(repository, entries, folder, cancellationToken);
        if (filter.Problem is { } unusable)
        {
            return ([], [new RevisionProblem(new SourcePosition(IgnoreFile(folder), 1), unusable)], []);
        }

        var problems = new List<RevisionProblem>();
        var notes = new List<string>();
        var wanted = new List<GitTreeEntry>();
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Sort(entry, filter.Accepts(Relative(entry.Path, folder)), wanted, problems, notes);
        }

        await JudgeLinksAsync(repository, commit, folder, entries, filter, problems, notes, cancellationToken);
        if (wanted.Count > limits.Files)
        {
            return ([], [limits.TooMany(folder.Length == 0 ? "." : folder, wanted.Count)], notes);
        }

        var next = await ParseAsync(repository, wanted, cancellationToken);
        _parsed = next;
        return ([.. wanted.Select(w => new RevisionFile(w.Path, next[w.Id]))], problems, notes);
    }

    /// <summary>One file as it was in an older commit.</summary>
    public async Task<IReadOnlyDictionary<string, ParsedFile>> ReadBlobsAsync(
        GitRepository repository, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var result = new Dictionary<string, ParsedFile>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var id in ids)
        {
            if (_parsed.TryGetValue(id, out var known))
            {
                result[id] = known;
            }
            else
            {
                missing.Add(id);
            }
        }

        await foreach (var blob in repository.ReadBlobsAsync(missing, limits.FileBytes, cancellationToken))
        {
            result[blob.Id] = Parse(blob);
        }

        return result;
    }

    /// <summary>Git lists what is no folder as itself.</summary>
    private static string? NoFolder(IReadOnlyList<GitTreeEntry> entries, string folder) => entries switch
    {
        [] => "there is no such folder in the repository",
        [{ Path: var path, Type: var type }] when path == folder => type switch
        {
            GitEntryType.Symlink => "is a symbolic link, and links are not followed: name the folder itself in spec.path",
            GitEntryType.Submodule => "is a submodule, and submodules are not read: make it a GitSource of its own",
            _ => "is a file and no folder: spec.path names the folder to read",
        },
        _ => null,
    };

    private static void Sort(GitTreeEntry entry, bool accepted, List<GitTreeEntry> wanted, List<RevisionProblem> problems, List<string> notes)
    {
        switch (entry.Type)
        {
            case GitEntryType.Submodule:
                notes.Add($"{entry.Path} is a submodule and is not read");
                break;
            case GitEntryType.Symlink when accepted:
                problems.Add(new RevisionProblem(new SourcePosition(entry.Path, 1), "is a symbolic link, and links are not followed: put the file itself here"));
                break;
            case GitEntryType.File when accepted:
                wanted.Add(entry);
                break;
        }
    }

    /// <summary>Reads where the links lead; a repository without any costs nothing.</summary>
    private static async Task JudgeLinksAsync(
        GitRepository repository,
        string commit,
        string folder,
        IReadOnlyList<GitTreeEntry> entries,
        ManifestFilter filter,
        List<RevisionProblem> problems,
        List<string> notes,
        CancellationToken cancellationToken)
    {
        var links = entries.Where(e => e.Type == GitEntryType.Symlink && !ManifestFilter.HasManifestName(e.Path) && filter.Reaches(Relative(e.Path, folder), isFolder: true)).ToList();
        if (links.Count is 0 or > LinkCountLimit)
        {
            if (links.Count > 0)
            {
                problems.Add(new RevisionProblem(new SourcePosition(links[0].Path, 1), $"is one of {links.Count} symbolic links; at most {LinkCountLimit} are looked at: leave them out with .sourceignore"));
            }

            return;
        }

        var all = folder.Length == 0 ? entries : await repository.ReadTreeAsync(commit, "", cancellationToken);
        var manifests = all.Where(e => e.Type == GitEntryType.File && ManifestFilter.HasManifestName(e.Path)).Select(e => e.Path).Order(StringComparer.Ordinal).ToArray();
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var blob in repository.ReadBlobsAsync([.. links.Select(l => l.Id).Distinct(StringComparer.Ordinal)], LinkLimit, cancellationToken))
        {
            targets[blob.Id] = Encoding.UTF8.GetString(blob.Content ?? []);
        }

        foreach (var link in links)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (problem, note) = LinkedFolders.Judge(link.Path, targets[link.Id], below => Below(manifests, below), path => IsRead(path, folder, filter));
            if (problem is not null)
            {
                problems.Add(new RevisionProblem(new SourcePosition(link.Path, 1), problem));
            }
            else if (note is not null)
            {
                notes.Add(note);
            }
        }
    }

    private static bool IsRead(string path, string folder, ManifestFilter filter) =>
        (folder.Length == 0 || path.StartsWith(folder + "/", StringComparison.Ordinal)) && filter.Accepts(Relative(path, folder));

    private static IEnumerable<string> Below(string[] sorted, string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var first = Array.BinarySearch(sorted, prefix, StringComparer.Ordinal);
        return sorted.Skip(first < 0 ? ~first : first).TakeWhile(p => p.StartsWith(prefix, StringComparison.Ordinal));
    }

    private async Task<Dictionary<string, ParsedFile>> ParseAsync(
        GitRepository repository, List<GitTreeEntry> wanted, CancellationToken cancellationToken)
    {
        var next = new ConcurrentDictionary<string, ParsedFile>(StringComparer.Ordinal);
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in wanted)
        {
            if (_parsed.TryGetValue(entry.Id, out var known))
            {
                next[entry.Id] = known;
            }
            else
            {
                missing.Add(entry.Id);
            }
        }

        ParsedFiles += missing.Count;
        await Parallel.ForEachAsync(repository.ReadBlobsAsync(missing, limits.FileBytes, cancellationToken).Chunk(Batch), cancellationToken, (blobs, _) =>
        {
            foreach (var blob in blobs)
            {
                next[blob.Id] = Parse(blob);
            }

            return ValueTask.CompletedTask;
        });
        return new Dictionary<string, ParsedFile>(next, StringComparer.Ordinal);
    }

    private ParsedFile Parse(GitBlob blob) => blob.Content is { } content
        ? reader.Read(content)
        : limits.TooLarge(blob.Size);

    private static async Task<ManifestFilter> FilterAsync(
        GitRepository repository, IReadOnlyList<GitTreeEntry> entries, string folder, CancellationToken cancellationToken)
    {
        var path = IgnoreFile(folder);
        if (entries.FirstOrDefault(e => e.Path == path && e.Type == GitEntryType.File) is not { } entry)
        {
            return new ManifestFilter(null);
        }

        await foreach (var blob in repository.ReadBlobsAsync([entry.Id], 1024 * 1024, cancellationToken))
        {
            return ManifestFilter.From(blob);
        }

        return new ManifestFilter(null);
    }

    private static string IgnoreFile(string folder) => folder.Length == 0 ? ManifestFilter.IgnoreFile : $"{folder}/{ManifestFilter.IgnoreFile}";

    private static string Relative(string path, string folder) => folder.Length == 0 ? path : path[(folder.Length + 1)..];
}

using System.Collections.Concurrent;
using Portcullis.Clients.Git;
using Portcullis.Core.Revisions;

namespace Portcullis.Sources;

/// <summary>
/// The manifests of a commit's folder. Files are remembered by blob, so that an unchanged file is parsed once however many commits
/// pass by, and only the blobs of changed files are read.
/// </summary>
internal sealed class ManifestTree(int fileLimit, int fileCountLimit)
{
    /// <summary>Files that one thread parses at a time: enough that handing them over costs little.</summary>
    private const int Batch = 32;

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
        var problems = new List<RevisionProblem>();
        var notes = new List<string>();
        var wanted = new List<GitTreeEntry>();
        foreach (var entry in entries)
        {
            Sort(entry, filter.Accepts(Relative(entry.Path, folder)), wanted, problems, notes);
        }

        if (wanted.Count > fileCountLimit)
        {
            return ([], [new RevisionProblem(new SourcePosition(folder.Length == 0 ? "." : folder, 1), $"there are {wanted.Count} manifest files; at most {fileCountLimit} are read")], notes);
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

        await foreach (var blob in repository.ReadBlobsAsync(missing, fileLimit, cancellationToken))
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
        await Parallel.ForEachAsync(repository.ReadBlobsAsync(missing, fileLimit, cancellationToken).Chunk(Batch), cancellationToken, (blobs, _) =>
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
        ? ManifestReader.Read(content)
        : new ParsedFile(ReadOnlyMemory<byte>.Empty, [], [new LineProblem(1, $"has {blob.Size} bytes; manifests of at most {fileLimit} bytes are read")]);

    private static async Task<ManifestFilter> FilterAsync(
        GitRepository repository, IReadOnlyList<GitTreeEntry> entries, string folder, CancellationToken cancellationToken)
    {
        var path = folder.Length == 0 ? ManifestFilter.IgnoreFile : $"{folder}/{ManifestFilter.IgnoreFile}";
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

    private static string Relative(string path, string folder) => folder.Length == 0 ? path : path[(folder.Length + 1)..];
}

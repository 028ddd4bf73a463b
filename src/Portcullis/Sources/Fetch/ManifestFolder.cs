using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Sources.Validate;

namespace Portcullis.Sources.Fetch;

/// <summary>The manifests of a folder on disk, by the same rules as those of a commit; paths are reported as they were given.</summary>
internal static class ManifestFolder
{
    public static (IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<string> Notes) Read(
        string path, ManifestReader reader, ManifestLimits? limits = null)
    {
        limits ??= ManifestLimits.Default;
        if (File.Exists(path))
        {
            return ([new RevisionFile(path, Parse(path, reader, limits))], [], []);
        }

        var ignore = Path.Combine(path, ManifestFilter.IgnoreFile);
        var filter = new ManifestFilter(File.Exists(ignore) ? File.ReadAllText(ignore) : null);
        if (filter.Problem is { } unusable)
        {
            return ([], [new RevisionProblem(new SourcePosition(ignore, 1), unusable)], []);
        }

        var walk = new Walk(path, reader, filter, limits);
        walk.Enter("");
        return walk.Count > limits.Files ? ([], [limits.TooMany(path, walk.Count)], walk.Notes) : (walk.Files, walk.Problems, walk.Notes);
    }

    private static ParsedFile Parse(string path, ManifestReader reader, ManifestLimits limits)
    {
        var size = new FileInfo(path).Length;
        return size > limits.FileBytes
            ? limits.TooLarge(size)
            : reader.Read(File.ReadAllBytes(path));
    }

    private sealed class Walk(string root, ManifestReader reader, ManifestFilter filter, ManifestLimits limits)
    {
        private static readonly EnumerationOptions WholeTree = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

        /// <summary>Links count from the top of the repository, or from the folder where there is none.</summary>
        private readonly string _inside = OfflineRevision.RepositoryOf(root)?.Inside ?? "";

        /// <summary>All that there are; those beyond the limit are counted and not read.</summary>
        public int Count { get; private set; }

        public List<RevisionFile> Files { get; } = [];

        public List<RevisionProblem> Problems { get; } = [];

        public List<string> Notes { get; } = [];

        public void Enter(string folder)
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                var relative = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                var shown = root is "." ? relative : Path.Combine(root, relative);
                if (entry.LinkTarget is { } target)
                {
                    Link(relative, shown, target);
                }
                else if (entry is DirectoryInfo)
                {
                    if (!entry.Name.StartsWith('.'))
                    {
                        Enter(relative);
                    }
                }
                else if (filter.Accepts(relative) && ++Count <= limits.Files)
                {
                    Files.Add(new RevisionFile(shown, Parse(entry.FullName, reader, limits)));
                }
            }
        }

        private void Link(string relative, string shown, string target)
        {
            if (filter.Accepts(relative))
            {
                Problems.Add(new RevisionProblem(new SourcePosition(shown, 1), "is a symbolic link, and links are not followed: put the file itself here"));
            }
            else if (!ManifestFilter.HasManifestName(relative) && filter.Reaches(relative, isFolder: true))
            {
                var (problem, note) = LinkedFolders.Judge(InRepository(relative), target, ManifestsBelow, IsRead);
                if (problem is not null)
                {
                    Problems.Add(new RevisionProblem(new SourcePosition(shown, 1), problem));
                }
                else if (note is not null)
                {
                    Notes.Add(note);
                }
            }
        }

        private IEnumerable<string> ManifestsBelow(string folder)
        {
            var full = Path.GetFullPath(root);
            var top = _inside.Length == 0 ? full : full[..^(_inside.Length + 1)];
            var at = Path.Combine(top, folder);
            return !Directory.Exists(at)
                ? []
                : Directory.EnumerateFiles(at, "*", WholeTree).Where(ManifestFilter.HasManifestName).Select(f => Path.GetRelativePath(top, f));
        }

        private bool IsRead(string path) =>
            (_inside.Length == 0 || path.StartsWith(_inside + "/", StringComparison.Ordinal)) && filter.Accepts(_inside.Length == 0 ? path : path[(_inside.Length + 1)..]);

        private string InRepository(string relative) => _inside.Length == 0 ? relative : $"{_inside}/{relative}";
    }
}

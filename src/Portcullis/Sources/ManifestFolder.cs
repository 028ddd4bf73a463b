using Portcullis.Core.Revisions;

namespace Portcullis.Sources;

/// <summary>The manifests of a folder on disk, by the same rules as those of a commit; paths are told as they were given.</summary>
internal static class ManifestFolder
{
    private const int FileLimit = 1024 * 1024;

    public static (IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems) Read(string path)
    {
        if (File.Exists(path))
        {
            return ([new RevisionFile(path, Parse(path))], []);
        }

        var ignore = Path.Combine(path, ManifestFilter.IgnoreFile);
        var filter = new ManifestFilter(File.Exists(ignore) ? File.ReadAllText(ignore) : null);
        var files = new List<RevisionFile>();
        var problems = new List<RevisionProblem>();
        Walk(path, "", filter, files, problems);
        return (files, problems);
    }

    private static void Walk(string root, string folder, ManifestFilter filter, List<RevisionFile> files, List<RevisionProblem> problems)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var relative = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            var shown = root is "." ? relative : Path.Combine(root, relative);
            if (entry.LinkTarget is not null)
            {
                if (filter.Accepts(relative))
                {
                    problems.Add(new RevisionProblem(new SourcePosition(shown, 1), "is a symbolic link, and links are not followed: put the file itself here"));
                }
            }
            else if (entry is DirectoryInfo)
            {
                if (!entry.Name.StartsWith('.'))
                {
                    Walk(root, relative, filter, files, problems);
                }
            }
            else if (filter.Accepts(relative))
            {
                files.Add(new RevisionFile(shown, Parse(entry.FullName)));
            }
        }
    }

    private static ParsedFile Parse(string path)
    {
        var size = new FileInfo(path).Length;
        return size > FileLimit
            ? new ParsedFile(ReadOnlyMemory<byte>.Empty, [], [new LineProblem(1, $"has {size} bytes; manifests of at most {FileLimit} bytes are read")])
            : ManifestReader.Read(File.ReadAllBytes(path));
    }
}

using Portcullis.Core.Kinds;

namespace Portcullis.Core.Revisions;

/// <summary>
/// How much of a repository is read as manifests. <paramref name="FileBytes"/>: the largest file; what projects publish as one file of
/// definitions has up to 5 MiB. <paramref name="Files"/>: the most files of one revision.
/// </summary>
public sealed record ManifestLimits(int FileBytes, int Files)
{
    /// <summary>Nobody reads more problems of one file, which may have hundreds of thousands.</summary>
    public const int ProblemsOfAFile = 100;

    public static ManifestLimits Default { get; } = new(8 * 1024 * 1024, 20_000);

    /// <summary>The problem of a folder with more files, of which none is read.</summary>
    public RevisionProblem TooMany(string folder, int files) => new(
        new SourcePosition(folder, 1),
        $"there are {files} manifest files; at most {Files} are read: put several objects into one file, leave files out with .sourceignore, or declare sources with a spec.path each");

    /// <summary>The problem of a larger file, in place of its content.</summary>
    public ParsedFile TooLarge(long bytes) =>
        new(ReadOnlyMemory<byte>.Empty, [], [new LineProblem(1, $"has {bytes} bytes; the limit is {FileBytes}")]);
}

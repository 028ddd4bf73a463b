using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Dpkg;

/// <summary>The list of a package's files: info/PACKAGE.list has a path a line, status.d/PACKAGE.md5sums a sum and a path.</summary>
internal sealed class DpkgFileList : IPackageReader
{
    private const int SumLength = 34;

    public bool NamesComponents => false;

    public bool Reads(ReadOnlySpan<char> path) =>
        (path.StartsWith("var/lib/dpkg/info/", StringComparison.Ordinal) && path.EndsWith(".list", StringComparison.Ordinal))
        || (path.StartsWith("var/lib/dpkg/status.d/", StringComparison.Ordinal) && path.EndsWith(".md5sums", StringComparison.Ordinal));

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var name = source.FileName;
        var owner = DpkgOwners.Of(name[..name.LastIndexOf('.')], source.Owners);
        var skipped = name.EndsWith(".list", StringComparison.Ordinal) ? 0 : SumLength;
        foreach (var line in new TextLines(source.Content.Span))
        {
            if (line.Length > skipped)
            {
                source.Owners.Add(line[skipped..], owner);
            }
        }

        return [];
    }
}

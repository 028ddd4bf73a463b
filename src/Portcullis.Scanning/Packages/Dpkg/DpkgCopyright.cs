using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Licences;

namespace Portcullis.Scanning.Packages.Dpkg;

/// <summary>The licence of a Debian package: usr/share/doc/PACKAGE/copyright (Debian policy, 12.5).</summary>
internal sealed class DpkgCopyright : IPackageReader
{
    private const string Folder = "usr/share/doc/";
    private const string File = "/copyright";

    // That of linux-firmware has 300 KiB.
    private const int MaxLength = 1 << 20;

    public bool NamesComponents => false;

    public bool Reads(ReadOnlySpan<char> path) =>
        path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(File, StringComparison.Ordinal) && path.Count('/') == Folder.AsSpan().Count('/') + 1;

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var license = source.Content.Length <= MaxLength ? DebianCopyright.License(Encoding.UTF8.GetString(source.Content.Span)) : null;
        source.License = new(source.Path, source.Path[Folder.Length..^File.Length], license);
        return [];
    }

    /// <summary>What a symbolic link says of a package's licence, that it is another package's too; null for any other link.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">The path that it leads to.</param>
    public static LicenseFile? OfLink(string path, string target) =>
        Package(path) is { } package && Package(target) is { } other && package != other ? new(path, package, null) { SameAs = other } : null;

    private static string? Package(string path)
    {
        var folder = path.EndsWith(File, StringComparison.Ordinal) ? path[..^File.Length] : path;
        return folder.StartsWith(Folder, StringComparison.Ordinal) && folder.IndexOf('/', Folder.Length) < 0 && folder.Length > Folder.Length ? folder[Folder.Length..] : null;
    }
}

namespace Portcullis.Core.Components;

/// <summary>The licences of Debian packages, by the package.</summary>
internal sealed class PackageLicenses(IReadOnlyCollection<LicenseFile> files)
{
    // One documentation folder may be a link to that of another package; that is seldom a link again, and never without end.
    private const int MaxLinks = 4;

    private readonly Dictionary<string, LicenseFile> _byPackage =
        files.OrderBy(f => f.Path, StringComparer.Ordinal).DistinctBy(f => f.Package).ToDictionary(f => f.Package, StringComparer.Ordinal);

    /// <summary>An SPDX licence expression; null when it is not known.</summary>
    public string? Of(string package)
    {
        for (var link = 0; link <= MaxLinks && _byPackage.TryGetValue(package, out var file); link++)
        {
            if (file.SameAs is null)
            {
                return file.License;
            }

            package = file.SameAs;
        }

        return null;
    }
}

namespace Portcullis.Core.Components;

/// <summary>
/// A file that tells the licence of a Debian package, usr/share/doc/PACKAGE/copyright. It comes with the layer that installs the package, while the
/// database that names the package is written again by every later layer: so it is kept by itself, and joined when the layers are merged.
/// </summary>
/// <param name="Path">The path in the image, without a leading slash.</param>
/// <param name="Package">The binary package.</param>
/// <param name="License">An SPDX licence expression; null when the file does not tell a known one.</param>
public sealed record LicenseFile(string Path, string Package, string? License)
{
    /// <summary>The package whose documentation is this one's too (Debian policy, 12.3: the folder may be a symbolic link); null when it has its own.</summary>
    public string? SameAs { get; init; }
}

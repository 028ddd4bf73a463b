namespace Portcullis.Core.Components;

/// <summary>What was found in one layer, by itself: it is read once, whichever images the layer is part of.</summary>
public sealed record LayerInventory
{
    /// <summary>The digest of the layer's blob.</summary>
    public required string Digest { get; init; }

    /// <summary>What os-release in this layer says; null when the layer has none.</summary>
    public Distribution? Distribution { get; init; }

    /// <summary>The files that name components, by path.</summary>
    public IReadOnlyList<PackageFile> Packages { get; init; } = [];

    /// <summary>Files that tell the licence of a package.</summary>
    public IReadOnlyList<LicenseFile> Licenses { get; init; } = [];

    /// <summary>Files that are known by their content.</summary>
    public IReadOnlyList<FileContent> Contents { get; init; } = [];

    /// <summary>
    /// Paths of lower layers that this one takes away (OCI image specification, "Whiteouts"), and those that it replaces by something that names no
    /// component: a program by a script, a directory by a link.
    /// </summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Directories whose content in lower layers this one hides ("Opaque Whiteout").</summary>
    public IReadOnlyList<string> Opaque { get; init; } = [];

    public IReadOnlyList<InventoryProblem> Problems { get; init; } = [];
}

/// <summary>A file that names components: a package database, a lock file, a binary. A file of the same path in a higher layer replaces it.</summary>
/// <param name="Path">The path in the image, without a leading slash.</param>
/// <param name="Components">What it names.</param>
public sealed record PackageFile(string Path, IReadOnlyList<Component> Components)
{
    /// <summary>The distribution's package that the file belongs to, by that package's own list of files; null when no package in the layer has it.</summary>
    public Component? Owner { get; init; }
}

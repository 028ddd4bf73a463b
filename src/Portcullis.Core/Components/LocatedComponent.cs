namespace Portcullis.Core.Components;

/// <summary>How it is known that a component is in an image.</summary>
public enum ComponentOrigin
{
    /// <summary>A package manager or the binary itself says so.</summary>
    Package,

    /// <summary>A file has the content of one that a known package has.</summary>
    Content,
}

/// <summary>A component in an image.</summary>
/// <param name="Component">What it is.</param>
/// <param name="Layer">The index of the layer, in <see cref="ImageInventory.Layers"/>, that it came with.</param>
/// <param name="Paths">The files that say so, without a leading slash, in ordinal order.</param>
public sealed record LocatedComponent(Component Component, int Layer, IReadOnlyList<string> Paths)
{
    public ComponentOrigin Origin { get; init; }

    /// <summary>
    /// The distribution's package that all of its files belong to; null when there is none. Such a component is maintained by the distribution: what it
    /// mends it mends without a change of this version, so that its own advisories tell, not those of the component's ecosystem.
    /// </summary>
    public Component? PartOf { get; init; }

    /// <summary>The distribution whose advisories are about it, where that is not the image's: it was found by its content. Else null.</summary>
    public Distribution? Distribution { get; init; }
}

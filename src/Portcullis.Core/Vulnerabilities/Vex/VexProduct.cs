using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Vex;

/// <summary>A product of a statement: an image, or a component of one.</summary>
/// <param name="Urls">The package URLs by which it is known.</param>
/// <param name="Digests">The SHA-256 digests by which it is known, as sha256:HEX.</param>
/// <param name="Subcomponents">The components of the image that the statement is about; all when there are none.</param>
public sealed record VexProduct(IReadOnlyList<PackageUrl> Urls, IReadOnlyList<string> Digests, IReadOnlyList<PackageUrl> Subcomponents)
{
    /// <summary>Whether the statement is about a component of an image.</summary>
    /// <param name="component">The component's package URL.</param>
    /// <param name="images">The digests that name the image: its own, and that of an index which it is part of.</param>
    public bool Names(PackageUrl component, IReadOnlyCollection<string> images) => IsImage(images)
        ? Subcomponents.Count == 0 || Subcomponents.Any(s => IsPartOf(s, component))
        : Urls.Any(u => u.Type != "oci" && IsPartOf(u, component)) && Subcomponents.Count == 0;

    private bool IsImage(IReadOnlyCollection<string> images) => Digests.Any(images.Contains) || Urls.Any(u => u.Type == "oci" && images.Contains(u.Version));

    /// <summary>Whether a package URL stands for another: what it does not say (the version, a qualifier) may be anything.</summary>
    private static bool IsPartOf(PackageUrl stated, PackageUrl component) =>
        stated.Type == component.Type && stated.Namespace == component.Namespace && stated.Name == component.Name
            && (stated.Version.Length == 0 || stated.Version == component.Version)
            && stated.Qualifiers.All(q => component.Qualifier(q.Key) == q.Value);
}

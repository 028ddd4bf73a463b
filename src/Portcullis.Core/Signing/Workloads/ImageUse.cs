namespace Portcullis.Core.Signing.Workloads;

/// <summary>One place in a pod or in the template of pods that names an image: a container of any list, or a volume made of an image.</summary>
/// <param name="List">The list it is in, such as <c>initContainers</c>.</param>
/// <param name="Name">The name of the container or volume; empty when it has none.</param>
/// <param name="Path">Where the image is, such as <c>spec.template.spec.containers[0].image</c>.</param>
/// <param name="Image">As written; null when there is none, or something that is no text.</param>
public sealed record ImageUse(string List, string Name, string Path, string? Image)
{
    /// <summary>The path as a JSON pointer (RFC 6901). No member of it has a character that would need to be escaped.</summary>
    public string Pointer => "/" + Path.Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
}

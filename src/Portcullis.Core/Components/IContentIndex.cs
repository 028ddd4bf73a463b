namespace Portcullis.Core.Components;

/// <summary>Packages by the content of their files, learned from every image that was read. It may add components to an image, never take one away.</summary>
public interface IContentIndex
{
    /// <summary>The packages that have a file of this content; none when it is not known.</summary>
    /// <param name="sha256">As 64 lower-case hexadecimal digits.</param>
    IReadOnlyList<KnownContent> Of(string sha256);
}

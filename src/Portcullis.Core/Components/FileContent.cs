namespace Portcullis.Core.Components;

/// <summary>A file whose content may be that of a known package: a binary, a shared object, a jar, an assembly.</summary>
/// <param name="Path">The path in the image, without a leading slash.</param>
/// <param name="Sha256">The SHA-256 of its content, as 64 lower-case hexadecimal digits.</param>
public sealed record FileContent(string Path, string Sha256)
{
    /// <summary>The component whose package has the file, by that package's own list of files; null when no package in the layer has it.</summary>
    public Component? Owner { get; init; }
}

namespace Portcullis.Core.Components;

/// <summary>A file of a package that was found in some image: where the same content is found elsewhere, so is the package's code.</summary>
/// <param name="Sha256">The SHA-256 of the file, as 64 lower-case hexadecimal digits.</param>
/// <param name="Component">The package that has the file.</param>
/// <param name="Distribution">The distribution that the package is of, since its advisories are that distribution's; null for one of no distribution.</param>
public sealed record KnownContent(string Sha256, Component Component, Distribution? Distribution);

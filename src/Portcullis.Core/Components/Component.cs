namespace Portcullis.Core.Components;

/// <summary>A package, or what stands for one, of which some version is in an image.</summary>
public sealed record Component
{
    public required PackageFormat Format { get; init; }

    /// <summary>The name in its ecosystem, as the ecosystem's advisories write it (a Python name normalised by PEP 503).</summary>
    public required string Name { get; init; }

    /// <summary>The version, as the package says it; empty when it could not be determined. Then it may be any, and is matched as all of them.</summary>
    public required string Version { get; init; }

    /// <summary>The source package that a distribution's package was built from, by which its advisories go; null when that is the package itself.</summary>
    public string? SourceName { get; init; }

    /// <summary>The source package's version, when it is not that of the package.</summary>
    public string? SourceVersion { get; init; }

    public string? Architecture { get; init; }

    /// <summary>An SPDX licence expression; null when the licence is not known.</summary>
    public string? License { get; init; }

    /// <summary>Of what tells most components apart: they are looked up by the million when images are judged again.</summary>
    public override int GetHashCode() => HashCode.Combine(Name, Version, Format);
}

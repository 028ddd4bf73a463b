namespace Portcullis.Scanning.Images;

/// <summary>The machines that an image is made for.</summary>
/// <param name="Os">For example linux.</param>
/// <param name="Architecture">For example amd64.</param>
/// <param name="Variant">For example v8; null for none.</param>
public sealed record ScanPlatform(string Os, string Architecture, string? Variant = null)
{
    // Attestations of BuildKit are listed in an index as images of this platform.
    private const string Unknown = "unknown";

    public static ScanPlatform Default { get; } = new("linux", "amd64");

    /// <summary>Whether it is an image's, and not that of something which goes with one.</summary>
    public bool IsReal => Os != Unknown && Architecture != Unknown;

    /// <summary>Reads OS/ARCHITECTURE[/VARIANT]; null when it is something else.</summary>
    public static ScanPlatform? TryParse(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } os, { Length: > 0 } architecture] => new(os, architecture),
        [{ Length: > 0 } os, { Length: > 0 } architecture, { Length: > 0 } variant] => new(os, architecture, variant),
        _ => null,
    };

    /// <summary>Whether an image of this platform is what was asked for; who names no variant takes any.</summary>
    public bool Matches(ScanPlatform asked) => Os == asked.Os && Architecture == asked.Architecture && (asked.Variant is null || Variant == asked.Variant);

    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}

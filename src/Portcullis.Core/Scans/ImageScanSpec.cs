using System.ComponentModel;

namespace Portcullis.Core.Scans;

/// <summary>Which image it is about.</summary>
public sealed record ImageScanSpec
{
    [Description("The name of the Registry.")]
    public required string Registry { get; init; }

    [Description("The repository, as in the image name.")]
    public required string Repository { get; init; }

    [Description("The digest of the image's manifest, or of an index.")]
    public required string Digest { get; init; }
}

using Portcullis.Core.Components;

namespace Portcullis.Core.Scans;

/// <summary>What was seen of an image. What is null or empty was not seen.</summary>
public sealed record ImageScanObservation
{
    /// <summary>The version of the scanner.</summary>
    public required string ScannerVersion { get; init; }

    /// <summary>Why the image could not be read.</summary>
    public string? Failure { get; init; }

    /// <summary>Why it is no container image.</summary>
    public string? NotAnImage { get; init; }

    /// <summary>The images of an index, by their digests.</summary>
    public IReadOnlyList<string>? Images { get; init; }

    /// <summary>Those of them that are not scanned yet.</summary>
    public IReadOnlyList<string> Awaited { get; init; } = [];

    /// <summary>What is in the image; several for an index.</summary>
    public IReadOnlyList<ImageInventory> Inventories { get; init; } = [];

    /// <summary>Null without a vulnerability database.</summary>
    public ImageResult? Result { get; init; }

    public DateTimeOffset? DatabaseDate { get; init; }

    /// <summary>When time alone next changes what is hidden; null when it never does.</summary>
    public DateTimeOffset? NextChange { get; init; }

    /// <summary>The digest of the attached list of components; null when none is attached.</summary>
    public string? Evidence { get; init; }

    /// <summary>Why nothing could be attached.</summary>
    public string? NotAttached { get; init; }

    /// <summary>The documents of others that count, with their authors.</summary>
    public IReadOnlyList<string> Attested { get; init; } = [];

    /// <summary>Those that do not, with the reason.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>What of the documents that count could not be read.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}

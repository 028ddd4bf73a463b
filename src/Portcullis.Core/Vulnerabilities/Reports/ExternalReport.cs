using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>What another scanner reports of an image.</summary>
public sealed record ExternalReport
{
    /// <summary>The scanner or the format, as it is named as evidence: Trivy, or a tool and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>When it was made; null when it does not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The digests of the images that it is about, as sha256:HEX; empty when it does not say.</summary>
    public IReadOnlyList<string> Digests { get; init; } = [];

    public Distribution? Distribution { get; init; }

    /// <summary>All components that it names, those without findings too.</summary>
    public IReadOnlyList<Component> Components { get; init; } = [];

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What of it cannot be taken over. An image is not free of vulnerabilities by a report that has any.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Reads a report of Trivy (JSON, schema 2) or a CycloneDX document (1.4 to 1.6); null when the text is neither.</summary>
    public static ExternalReport? Read(ReadOnlyMemory<byte> json) => ReportReader.Read(json);
}

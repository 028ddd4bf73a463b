using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Scans;

/// <summary>
/// What is known of one image of a repository: how many vulnerabilities it has, which licences. Promotion and pull blocking decide by it. The operator alone
/// writes it, one for each digest that the repository's ledger names, and for each image of an index.
/// </summary>
public sealed record ImageScan : Resource<ImageScanSpec, ImageScanStatus>, IResource<ImageScan>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "ImageScan", "imagescans", false) { ShortNames = ["iscan"] };

    public static JsonTypeInfo<ImageScan> JsonType => ScansJsonContext.Default.ImageScan;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "What was found in one image of a repository: vulnerabilities, licenses, and what could not be read. Written by the operator only.",
        Columns =
        [
            new PrinterColumn("Repository", ".spec.repository"),
            new PrinterColumn("Digest", ".spec.digest", Priority: 1),
            new PrinterColumn("State", ".status.state"),
            new PrinterColumn("Critical", ".status.critical", "integer"),
            new PrinterColumn("Major", ".status.major", "integer"),
            new PrinterColumn("Minor", ".status.minor", "integer"),
            new PrinterColumn("Unknown", ".status.unknown", "integer"),
            new PrinterColumn("Components", ".status.components", "integer", 1),
            new PrinterColumn("Scanned", ".status.scannedAt", "date", 1),
        ],
    })
    {
        Declarable = false,
    };
}

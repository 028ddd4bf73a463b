using System.Text.Json;
using System.Text.RegularExpressions;
using Portcullis.Core.Components;

namespace Portcullis.Core.Reports;

/// <summary>Writes a report as an SPDX 2.3 document (ISO/IEC 5962), in JSON. SPDX 2.3 has no vulnerabilities, but references from a package to its advisories.</summary>
public static partial class SpdxReport
{
    private const string Nobody = "NOASSERTION";
    private const string Image = "SPDXRef-Image";

    public static string Write(ImageReport report) => JsonText.Write(writer =>
    {
        writer.WriteString("spdxVersion", "SPDX-2.3");
        writer.WriteString("dataLicense", "CC0-1.0");
        writer.WriteString("SPDXID", "SPDXRef-DOCUMENT");
        writer.WriteString("name", report.Image);
        writer.WriteString("documentNamespace", $"https://portcullis.dev/spdx/{report.Digest.Replace(':', '-')}/{report.CreatedAt.ToUnixTimeSeconds()}");
        WriteCreation(writer, report);
        writer.WriteStartArray("packages");
        WriteImage(writer, report);
        var advisories = (report.Findings?.All ?? []).ToLookup(f => f.Located, f => f.Finding.Vulnerability.Id);
        foreach (var (index, component) in report.Inventory.Components.Index())
        {
            WritePackage(writer, index, component, report, advisories[component]);
        }

        writer.WriteEndArray();
        WriteLicenses(writer, report);
        writer.List("relationships", Relationships(report), r =>
        {
            writer.WriteString("spdxElementId", r.From);
            writer.WriteString("relationshipType", r.Type);
            writer.WriteString("relatedSpdxElement", r.To);
        });
    });

    [GeneratedRegex("LicenseRef-[A-Za-z0-9.-]+")]
    private static partial Regex OwnLicense();

    private static void WriteCreation(Utf8JsonWriter writer, ImageReport report)
    {
        writer.WriteStartObject("creationInfo");
        writer.Time("created", report.CreatedAt);
        writer.Texts("creators", [$"Tool: portcullis-{report.ScannerVersion}"]);
        writer.Text("comment", report.Inventory.IsComplete ? "" : $"Not all of the image could be read: {string.Join("; ", report.Inventory.Problems.Select(p => p.Path.Length == 0 ? p.Message : $"{p.Path}: {p.Message}"))}");
        writer.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter writer, ImageReport report)
    {
        writer.WriteStartObject();
        WriteBasics(writer, Image, report.Image, report.Digest, null);
        writer.WriteString("primaryPackagePurpose", "CONTAINER");
        var parts = report.Digest.Split(':');
        writer.List("checksums", parts is ["sha256" or "sha512", _] ? [parts] : Array.Empty<string[]>(), p =>
        {
            writer.WriteString("algorithm", p[0].ToUpperInvariant());
            writer.WriteString("checksumValue", p[1]);
        });
        writer.WriteEndObject();
    }

    private static void WritePackage(Utf8JsonWriter writer, int index, LocatedComponent located, ImageReport report, IEnumerable<string> advisories)
    {
        writer.WriteStartObject();
        WriteBasics(writer, Id(index), located.Component.Name, located.Component.Version, located.Component.License);
        writer.WriteString("sourceInfo", $"found in layer {report.Inventory.Layers[located.Layer]}: {string.Join(", ", located.Paths)}");
        writer.List("externalRefs", [("PACKAGE-MANAGER", "purl", located.Url(report.Inventory.Distribution)),
            .. advisories.Distinct(StringComparer.Ordinal).Select(id => ("SECURITY", "advisory", $"https://osv.dev/vulnerability/{Uri.EscapeDataString(id)}"))], r =>
        {
            writer.WriteString("referenceCategory", r.Item1);
            writer.WriteString("referenceType", r.Item2);
            writer.WriteString("referenceLocator", r.Item3);
        });
        writer.WriteEndObject();
    }

    private static void WriteBasics(Utf8JsonWriter writer, string id, string name, string version, string? license)
    {
        writer.WriteString("SPDXID", id);
        writer.WriteString("name", name);
        writer.Text("versionInfo", version);
        writer.WriteString("downloadLocation", Nobody);
        writer.WriteBoolean("filesAnalyzed", false);
        writer.WriteString("licenseConcluded", Nobody);
        writer.WriteString("licenseDeclared", license ?? Nobody);
        writer.WriteString("copyrightText", Nobody);
    }

    // A licence that SPDX does not list must be told of in the document ("Other licensing information detected").
    private static void WriteLicenses(Utf8JsonWriter writer, ImageReport report)
    {
        var own = report.Inventory.Components.SelectMany(c => OwnLicense().Matches(c.Component.License ?? "").Select(m => m.Value)).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToList();
        if (own.Count > 0)
        {
            writer.List("hasExtractedLicensingInfos", own, id =>
            {
                writer.WriteString("licenseId", id);
                writer.WriteString("extractedText", $"The licence that the package names {id["LicenseRef-".Length..]}.");
            });
        }
    }

    private static IEnumerable<(string From, string Type, string To)> Relationships(ImageReport report) =>
        [("SPDXRef-DOCUMENT", "DESCRIBES", Image), .. report.Inventory.Components.Select((_, i) => (Image, "CONTAINS", Id(i)))];

    private static string Id(int index) => $"SPDXRef-Package-{index}";
}

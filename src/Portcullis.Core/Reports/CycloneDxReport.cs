using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Reports;

/// <summary>Writes a report as a CycloneDX 1.6 bill of materials with vulnerabilities (ECMA-424), in JSON.</summary>
public static class CycloneDxReport
{
    public static string Write(ImageReport report) => JsonText.Write(writer =>
    {
        writer.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        writer.WriteString("bomFormat", "CycloneDX");
        writer.WriteString("specVersion", "1.6");
        writer.WriteString("serialNumber", $"urn:uuid:{Serial(report)}");
        writer.WriteNumber("version", 1);
        WriteMetadata(writer, report);
        var references = References(report);
        writer.List("components", report.Inventory.Components.Zip(references), c => WriteComponent(writer, c.First, c.Second, report));
        WriteComposition(writer, report);
        if (report.Findings is { } findings)
        {
            var byComponent = report.Inventory.Components.Zip(references).ToDictionary(c => c.First, c => c.Second);
            writer.List("vulnerabilities", findings.All.GroupBy(f => (f.Finding.Vulnerability.Id, f.Finding.Hidden)), g => WriteVulnerability(writer, [.. g], byComponent));
        }
    });

    // Of what the document is about, so that writing it again gives the same.
    private static Guid Serial(ImageReport report) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{report.Digest} {report.CreatedAt.ToUnixTimeSeconds()} {report.ScannerVersion}")).AsSpan(0, 16));

    // A package URL names a component; where two have the same, as one found by its content twice, the number tells them apart.
    private static List<string> References(ImageReport report)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. report.Inventory.Components.Select((c, i) => c.Url(report.Inventory.Distribution) is var url && seen.Add(url) ? url : $"{url}#{i}")];
    }

    private static void WriteMetadata(Utf8JsonWriter writer, ImageReport report)
    {
        writer.WriteStartObject("metadata");
        writer.Time("timestamp", report.CreatedAt);
        writer.WriteStartObject("tools");
        writer.List("components", [report.ScannerVersion], version =>
        {
            writer.WriteString("type", "application");
            writer.WriteString("name", "portcullis");
            writer.WriteString("version", version);
        });
        writer.WriteEndObject();
        writer.WriteStartObject("component");
        writer.WriteString("type", "container");
        writer.WriteString("bom-ref", report.Digest);
        writer.WriteString("name", report.Image);
        writer.WriteString("version", report.Digest);
        WriteProperties(writer, [("portcullis:platform", report.Platform), .. report.Layers.Select((l, i) => ($"portcullis:layer:{i}", l.Digest))]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteComponent(Utf8JsonWriter writer, LocatedComponent located, string reference, ImageReport report)
    {
        writer.WriteString("type", "library");
        writer.WriteString("bom-ref", reference);
        writer.WriteString("name", located.Component.Name);
        writer.Text("version", located.Component.Version);
        if (located.Component.License is { } license)
        {
            writer.List("licenses", [license], l => writer.WriteString("expression", l));
        }

        writer.WriteString("purl", located.Url(report.Inventory.Distribution));
        writer.WriteStartObject("evidence");
        writer.List("occurrences", located.Paths, path => writer.WriteString("location", path));
        writer.WriteEndObject();
        WriteProperties(writer,
        [
            ("portcullis:layer", report.Inventory.Layers[located.Layer]), ("portcullis:origin", located.Origin.ToString().ToLowerInvariant()),
            ("portcullis:sourceName", located.Component.SourceName ?? ""), ("portcullis:sourceVersion", located.Component.SourceVersion ?? ""),
            ("portcullis:partOf", located.PartOf?.Name ?? ""),
        ]);
    }

    // Where something could not be read, what is listed is not all.
    private static void WriteComposition(Utf8JsonWriter writer, ImageReport report) => writer.List("compositions", [report], r =>
    {
        writer.WriteString("aggregate", r.Inventory.IsComplete ? "complete" : "incomplete");
        writer.Texts("assemblies", [r.Digest]);
    });

    private static void WriteVulnerability(Utf8JsonWriter writer, IReadOnlyList<LocatedFinding> findings, Dictionary<LocatedComponent, string> references)
    {
        var vulnerability = findings[0].Finding.Vulnerability;
        writer.WriteString("id", vulnerability.Id);
        writer.List("references", vulnerability.Aliases, alias =>
        {
            writer.WriteString("id", alias);
            writer.WriteStartObject("source");
            writer.WriteString("url", $"https://osv.dev/vulnerability/{alias}");
            writer.WriteEndObject();
        });
        writer.List("ratings", [vulnerability], v => WriteRating(writer, v));
        writer.Text("description", vulnerability.Summary);
        writer.Text("recommendation", Recommendation(findings));
        if (findings[0].Finding.Hidden is { } hidden)
        {
            writer.WriteStartObject("analysis");
            writer.WriteString("state", "not_affected");
            writer.WriteString("detail", hidden);
            writer.WriteEndObject();
        }

        writer.List("affects", findings.Select(f => references[f.Located]).Distinct(StringComparer.Ordinal), reference => writer.WriteString("ref", reference));
    }

    private static string Recommendation(IReadOnlyList<LocatedFinding> findings) => string.Join("; ", findings.Where(f => f.Finding.FixedIn is not null)
        .Select(f => $"Upgrade {f.Finding.Component.Name} to {f.Finding.FixedIn}").Distinct(StringComparer.Ordinal));

    private static void WriteRating(Utf8JsonWriter writer, Vulnerability vulnerability)
    {
        if (vulnerability.Score is { } score)
        {
            writer.WriteNumber("score", score);
        }

        writer.WriteString("severity", Severity(vulnerability));
        if (vulnerability.Vector is { } vector)
        {
            writer.WriteString("method", Method(vector));
            writer.WriteString("vector", vector);
        }
    }

    // CVSS' own words where there is a score (CVSS 3.1, "Qualitative Severity Rating Scale"); DTR's three are wider.
    private static string Severity(Vulnerability vulnerability) => (vulnerability.Score, vulnerability.Severity) switch
    {
        ( >= 9.0m, _) => "critical",
        ( >= 7.0m, _) => "high",
        ( >= 4.0m, _) => "medium",
        ( > 0m, _) => "low",
        ( { }, _) => "none",
        (null, Vulnerabilities.Severity.Critical) => "critical",
        (null, Vulnerabilities.Severity.Major) => "medium",
        (null, Vulnerabilities.Severity.Minor) => "low",
        _ => "unknown",
    };

    private static string Method(string vector) => vector switch
    {
        _ when vector.StartsWith("CVSS:4", StringComparison.Ordinal) => "CVSSv4",
        _ when vector.StartsWith("CVSS:3.1", StringComparison.Ordinal) => "CVSSv31",
        _ when vector.StartsWith("CVSS:3", StringComparison.Ordinal) => "CVSSv3",
        _ => "CVSSv2",
    };

    private static void WriteProperties(Utf8JsonWriter writer, IEnumerable<(string Name, string Value)> properties) =>
        writer.List("properties", properties.Where(p => p.Value.Length > 0), p =>
        {
            writer.WriteString("name", p.Name);
            writer.WriteString("value", p.Value);
        });
}

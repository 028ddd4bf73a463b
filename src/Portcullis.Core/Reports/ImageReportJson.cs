using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Reports;

/// <summary>Writes a report as JSON of our own: an object an image, with its layers, its components with their findings, and what could not be read.</summary>
public static class ImageReportJson
{
    public static string Write(ImageReport report) => JsonText.Write(writer =>
    {
        writer.WriteString("image", report.Image);
        writer.WriteString("digest", report.Digest);
        writer.WriteString("platform", report.Platform);
        writer.Time("createdAt", report.CreatedAt);
        writer.WriteString("scannerVersion", report.ScannerVersion);
        WriteDistribution(writer, report.Inventory.Distribution);
        writer.WriteBoolean("complete", report.Inventory.IsComplete);
        WriteVulnerabilities(writer, report.Findings);
        writer.List("layers", report.Layers.Index(), l => WriteLayer(writer, l.Index, l.Item, report));
        var findings = (report.Findings?.All ?? []).ToLookup(f => f.Located);
        writer.List("components", report.Inventory.Components, c => WriteComponent(writer, c, report, findings[c]));
        writer.List("problems", report.Inventory.Problems, p =>
        {
            writer.WriteNumber("layer", p.Layer);
            writer.Text("path", p.Path);
            writer.WriteString("message", p.Message);
        });
    });

    private static void WriteDistribution(Utf8JsonWriter writer, Distribution? distribution)
    {
        if (distribution is null)
        {
            return;
        }

        writer.WriteStartObject("distribution");
        writer.WriteString("id", distribution.Id);
        writer.Text("version", distribution.Version);
        writer.Text("title", distribution.Title);
        writer.WriteEndObject();
    }

    // Null, and not a count of none, where there was no database.
    private static void WriteVulnerabilities(Utf8JsonWriter writer, ReportedFindings? findings)
    {
        if (findings is null)
        {
            writer.WriteNull("vulnerabilities");
            return;
        }

        writer.WriteStartObject("vulnerabilities");
        writer.Time("databaseDate", findings.DatabaseDate);
        WriteCounts(writer, SeverityCounts.Of(findings.All));
        writer.Texts("notCovered", findings.NotCovered);
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, SeverityCounts counts)
    {
        writer.WriteNumber("critical", counts.Critical);
        writer.WriteNumber("major", counts.Major);
        writer.WriteNumber("minor", counts.Minor);
        writer.WriteNumber("unknown", counts.Unknown);
    }

    private static void WriteLayer(Utf8JsonWriter writer, int index, ReportedLayer layer, ImageReport report)
    {
        writer.WriteString("digest", layer.Digest);
        writer.WriteNumber("size", layer.Size);
        writer.Text("createdBy", layer.CreatedBy);
        writer.WriteNumber("components", report.Inventory.Components.Count(c => c.Layer == index));
        if (report.Findings is { } findings)
        {
            WriteCounts(writer, SeverityCounts.Of(findings.All.Where(f => f.Located.Layer == index)));
        }
    }

    private static void WriteComponent(Utf8JsonWriter writer, LocatedComponent located, ImageReport report, IEnumerable<LocatedFinding> findings)
    {
        var component = located.Component;
        writer.WriteString("format", component.Format.ToString().ToLowerInvariant());
        writer.WriteString("name", component.Name);
        writer.Text("version", component.Version);
        writer.Text("sourceName", component.SourceName);
        writer.Text("sourceVersion", component.SourceVersion);
        writer.Text("architecture", component.Architecture);
        writer.Text("license", component.License);
        writer.WriteString("purl", located.Url(report.Inventory.Distribution));
        writer.WriteNumber("layer", located.Layer);
        writer.Texts("paths", located.Paths);
        writer.WriteString("origin", located.Origin.ToString().ToLowerInvariant());
        writer.Text("partOf", located.PartOf?.Name);
        writer.List("vulnerabilities", findings, f => WriteFinding(writer, f.Finding));
    }

    private static void WriteFinding(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteString("id", finding.Vulnerability.Id);
        writer.Texts("aliases", finding.Vulnerability.Aliases);
        writer.WriteString("severity", finding.Vulnerability.Severity.ToString().ToLowerInvariant());
        if (finding.Vulnerability.Score is { } score)
        {
            writer.WriteNumber("score", score);
        }

        writer.Text("vector", finding.Vulnerability.Vector);
        writer.Text("summary", finding.Vulnerability.Summary);
        writer.Text("fixedIn", finding.FixedIn);
        writer.Text("hidden", finding.Hidden);
    }
}

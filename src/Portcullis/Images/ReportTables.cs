using System.Globalization;
using Portcullis.Core;
using Portcullis.Core.Components;
using Portcullis.Core.Reports;
using Portcullis.Core.Vulnerabilities;
using Spectre.Console;

namespace Portcullis.Images;

/// <summary>Draws a report: the layers, the components with the most vulnerable first, the vulnerabilities, and what could not be read.</summary>
internal static class ReportTables
{
    private const int ShortDigest = 19;
    private const int MaxInstruction = 60;
    private const int MaxSummary = 80;

    /// <param name="report">What to draw.</param>
    /// <param name="output">Where to.</param>
    /// <param name="width">The columns of a line.</param>
    /// <param name="color">Whether the terminal has colours.</param>
    public static void Write(ImageReport report, TextWriter output, int width, bool color)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = width;
        WriteHead(console, report);
        WriteLayers(console, report);
        WriteComponents(console, report);
        WriteLicenses(console, report);
        WriteFindings(console, report);
        WriteProblems(console, report);
    }

    private static void WriteHead(IAnsiConsole console, ImageReport report)
    {
        var distribution = report.Inventory.Distribution;
        Line(console, $"{report.Image}  {report.Digest}");
        Line(console, $"{report.Platform}, {(distribution is null ? "no distribution" : $"{distribution.Id} {distribution.Version}".TrimEnd())}, {Pluralize.Of(report.Inventory.Components.Count, "component")}");
        if (report.Findings is not { } findings)
        {
            Line(console, "Vulnerabilities: not known, since there is no database of advisories. Make one with: portcullis scan db import FILE");
            return;
        }

        var counts = SeverityCounts.Of(findings.All);
        Line(console, string.Create(
            CultureInfo.InvariantCulture,
            $"Vulnerabilities: {counts.Critical} critical, {counts.Major} major, {counts.Minor} minor, {counts.Unknown} unknown (advisories of {findings.DatabaseDate:yyyy-MM-dd})"));
        foreach (var missing in findings.NotCovered)
        {
            Line(console, $"The database has no advisories for {missing}: that none was found says nothing.");
        }
    }

    private static void WriteLayers(IAnsiConsole console, ImageReport report)
    {
        var table = Table("LAYER", "DIGEST", "SIZE", "COMPONENTS", "CRITICAL", "MAJOR", "MINOR", "UNKNOWN", "CREATED BY");
        foreach (var (index, layer) in report.Layers.Index())
        {
            var counts = report.Findings is { } f ? SeverityCounts.Of(f.All.Where(x => x.Located.Layer == index)) : (SeverityCounts?)null;
            Row(table,
                Number(index), layer.Digest[..Math.Min(ShortDigest, layer.Digest.Length)], Bytes(layer.Size), Number(report.Inventory.Components.Count(c => c.Layer == index)),
                Number(counts?.Critical), Number(counts?.Major), Number(counts?.Minor), Number(counts?.Unknown), Cut(layer.CreatedBy, MaxInstruction));
        }

        Draw(console, table);
    }

    private static void WriteComponents(IAnsiConsole console, ImageReport report)
    {
        var table = Table("COMPONENT", "VERSION", "TYPE", "LICENCE", "LAYER", "CRITICAL", "MAJOR", "MINOR", "UNKNOWN");
        var findings = (report.Findings?.All ?? []).ToLookup(f => f.Located);
        var rows = report.Inventory.Components.Select(c => (Component: c, Counts: SeverityCounts.Of(findings[c])));
        foreach (var (located, counts) in rows.OrderByDescending(r => r.Counts.Critical + r.Counts.Unknown).ThenByDescending(r => r.Counts.Major).ThenByDescending(r => r.Counts.Minor)
            .ThenBy(r => r.Component.Component.Name, StringComparer.Ordinal))
        {
            var known = report.Findings is not null;
            Row(table,
                located.Component.Name + (located.Origin == ComponentOrigin.Content ? " (by content)" : ""), located.Component.Version.Length > 0 ? located.Component.Version : "unknown",
                located.Component.Format.ToString().ToLowerInvariant(), located.Component.License ?? "unknown", Number(located.Layer),
                Number(known ? counts.Critical : null), Number(known ? counts.Major : null), Number(known ? counts.Minor : null), Number(known ? counts.Unknown : null));
        }

        Draw(console, table);
    }

    private static void WriteLicenses(IAnsiConsole console, ImageReport report)
    {
        var table = Table("LICENCE", "COMPONENTS");
        foreach (var license in report.Inventory.Components.CountBy(c => c.Component.License ?? "unknown").OrderByDescending(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal))
        {
            Row(table, license.Key, Number(license.Value));
        }

        Draw(console, table);
    }

    private static void WriteFindings(IAnsiConsole console, ImageReport report)
    {
        var table = Table("VULNERABILITY", "SEVERITY", "SCORE", "COMPONENT", "VERSION", "FIXED IN", "LAYER", "SUMMARY");
        foreach (var found in (report.Findings?.All ?? []).OrderByDescending(f => f.Finding.Vulnerability.Score ?? (f.Finding.Vulnerability.Severity == Severity.Unknown ? 10 : 0))
            .ThenBy(f => f.Finding.Vulnerability.Id, StringComparer.Ordinal))
        {
            var vulnerability = found.Finding.Vulnerability;
            Row(table,
                vulnerability.Id, found.Finding.Hidden is null ? vulnerability.Severity.ToString() : "hidden", vulnerability.Score?.ToString("0.0", CultureInfo.InvariantCulture) ?? "",
                found.Finding.Component.Name, found.Finding.Component.Version, found.Finding.FixedIn ?? "", Number(found.Located.Layer), Cut(vulnerability.Summary, MaxSummary));
        }

        Draw(console, table);
    }

    private static void WriteProblems(IAnsiConsole console, ImageReport report)
    {
        if (report.Inventory.IsComplete)
        {
            return;
        }

        Line(console, "Not all of the image could be read, so that what is listed is not all:");
        foreach (var problem in report.Inventory.Problems)
        {
            Line(console, $"  layer {problem.Layer}{(problem.Path.Length > 0 ? $", {problem.Path}" : "")}: {problem.Message}");
        }
    }

    private static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)) { Padding = new Padding(0, 0, 2, 0), NoWrap = column is "VULNERABILITY" or "DIGEST" });
        }

        return table;
    }

    // What is in an image was written by others: markup in it, and what a terminal would obey, is text.
    private static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(c => new Text(Plain(c)))]);

    private static void Draw(IAnsiConsole console, Table table)
    {
        if (table.Rows.Count > 0)
        {
            console.WriteLine();
            console.Write(table);
        }
    }

    private static void Line(IAnsiConsole console, string text) => console.Write(new Text(Plain(text) + "\n"));

    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? ' ' : c));

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Bytes(long size) => size switch
    {
        >= 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{size / 1048576.0:0.0} MiB"),
        >= 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{size / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{size} B"),
    };
}

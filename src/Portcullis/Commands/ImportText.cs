using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Commands;

/// <summary>Tells what an import did.</summary>
internal static class ImportText
{
    private const int Shown = 10;

    public static string Of(ImportReport report, string path)
    {
        var text = new StringBuilder();
        Line(text, $"{report.Added:N0} added, {report.Updated:N0} updated, {report.Withdrawn:N0} withdrawn, {report.Unchanged:N0} unchanged, {report.Older:N0} older than what is there");
        Line(text, report.IsWritten ? $"Written: {path}" : (FormattableString)$"Unchanged: {path}");
        List(text, "Could not be read, so the database lacks what they say", report.UnreadableFiles, report.Unreadable);
        List(text, "All versions count as affected, because the affected ones could not be read", report.AllVersionsOf, report.AllVersions);
        List(text, "Left out because they could not be read", report.LeftOut, report.LeftOut.Count);
        if (report.GitRanges > 0)
        {
            Line(text, report.GitRanges == 1 ? (FormattableString)$"1 range of type GIT left out: it names commits, not versions" : $"{report.GitRanges:N0} ranges of type GIT left out: they name commits, not versions");
        }

        if (report.OtherEcosystems.Count > 0)
        {
            Line(text, $"Packages left out, because no component is of their ecosystem: {string.Join(", ", report.OtherEcosystems.Select(e => FormattableString.Invariant($"{e.Key} {e.Value:N0}")))}");
        }

        if (report.PassedOver > 0)
        {
            Line(text, report.PassedOver == 1 ? (FormattableString)$"1 file passed over: it is no advisory" : $"{report.PassedOver:N0} files passed over: they are no advisories");
        }

        return text.ToString();
    }

    public static string Json(ImportReport report) => KubernetesJson.ToText(new JsonObject
    {
        ["added"] = report.Added,
        ["updated"] = report.Updated,
        ["withdrawn"] = report.Withdrawn,
        ["unchanged"] = report.Unchanged,
        ["older"] = report.Older,
        ["written"] = report.IsWritten,
        ["unreadable"] = report.Unreadable,
        ["unreadableFiles"] = Texts(report.UnreadableFiles),
        ["allVersions"] = report.AllVersions,
        ["allVersionsOf"] = Texts(report.AllVersionsOf),
        ["leftOut"] = Texts(report.LeftOut),
        ["gitRanges"] = report.GitRanges,
        ["passedOver"] = report.PassedOver,
        ["otherEcosystems"] = new JsonObject(report.OtherEcosystems.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value))),
    }) + "\n";

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static void List(StringBuilder text, string title, IReadOnlyList<string> items, int count)
    {
        if (count == 0)
        {
            return;
        }

        Line(text, $"{title} ({count:N0}):");
        foreach (var item in items.Take(Shown))
        {
            Line(text, $"  {item}");
        }

        if (count > Math.Min(Shown, items.Count))
        {
            Line(text, $"  and {count - Math.Min(Shown, items.Count):N0} more");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

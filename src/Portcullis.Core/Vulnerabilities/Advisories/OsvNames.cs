using System.Text.Json;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>By which names an advisory calls its vulnerability, and those of others that it is about.</summary>
internal static class OsvNames
{
    /// <summary>UTF-16 characters of a summary that are kept.</summary>
    private const int SummaryLength = 200;

    private const string Cve = "CVE-";

    public static bool IsCve(string name) => name.StartsWith(Cve, StringComparison.Ordinal);

    public static IReadOnlyList<string> Aliases(JsonElement root, string id, bool ofDistribution)
    {
        var aliases = Names(root, "aliases", id);
        return ofDistribution && aliases.Count(IsCve) > 1 ? [.. aliases.Where(a => !IsCve(a))] : aliases;
    }

    /// <summary>
    /// A distribution's advisory names the CVEs that it repairs as upstream; before the schema had that, as related or, wrongly, as aliases of one another.
    /// </summary>
    public static IReadOnlyList<string> Upstream(JsonElement root, string id, bool ofDistribution)
    {
        var upstream = Names(root, "upstream", id);
        if (!ofDistribution || upstream.Count > 0)
        {
            return upstream;
        }

        var aliases = Names(root, "aliases", id).Where(IsCve).ToList();
        return aliases.Count > 1 ? aliases : aliases.Count == 1 || IsCve(id) ? [] : [.. Names(root, "related", id).Where(IsCve)];
    }

    /// <summary>The summary, else the beginning of the details, on one line.</summary>
    public static string Summary(JsonElement root)
    {
        var text = OsvJson.Text(root, "summary") is { Length: > 0 } summary ? summary : OsvJson.Text(root, "details") ?? "";
        var start = text.AsSpan().TrimStart();
        start = start[..Math.Min(start.Length, SummaryLength * 2)];
        var line = string.Join(' ', start.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= SummaryLength ? line : line[..(char.IsHighSurrogate(line[SummaryLength - 2]) ? SummaryLength - 2 : SummaryLength - 1)] + "…";
    }

    private static List<string> Names(JsonElement root, string member, string id) =>
        [.. OsvJson.Texts(root, member).Where(n => n.Length > 0 && n != id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

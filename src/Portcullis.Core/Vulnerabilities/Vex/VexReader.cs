using System.Text.Json;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Vex;

/// <summary>Reads OpenVEX documents. What a statement does not say itself, the document says for it.</summary>
internal static class VexReader
{
    private const string Context = "https://openvex.dev/ns";

    /// <summary>The labels of justifications that the specification allows.</summary>
    private static readonly string[] Justifications =
    [
        "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path", "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
    ];

    public static VexDocument? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && OsvJson.Text(root, "@context")?.StartsWith(Context, StringComparison.Ordinal) == true ? Read(root) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static VexDocument Read(JsonElement root)
    {
        var statements = new List<VexStatement>();
        var problems = new List<string>();
        var number = 0;
        foreach (var item in OsvJson.Items(root, "statements"))
        {
            number++;
            var statement = Statement(item, root);
            if (Problem(item, statement) is { } problem)
            {
                problems.Add($"statement {number} is not used: {problem}");
            }
            else
            {
                statements.Add(statement!);
            }
        }

        return new VexDocument { Id = OsvJson.Text(root, "@id") ?? "", Author = OsvJson.Text(root, "author") ?? "", Statements = statements, Problems = problems };
    }

    private static VexStatement? Statement(JsonElement item, JsonElement root) => StatusOf(OsvJson.Text(item, "status")) is not { } status ? null : new VexStatement
    {
        Vulnerabilities = Vulnerabilities(item),
        Products = VexProductReader.Products(item),
        Status = status,
        Justification = status == VexStatus.NotAffected ? string.Join(": ", new[] { OsvJson.Text(item, "justification"), OsvJson.Text(item, "impact_statement") }.Where(t => t is { Length: > 0 })) : "",
        Time = new[] { OsvJson.Time(item, "last_updated"), OsvJson.Time(item, "timestamp"), OsvJson.Time(root, "last_updated"), OsvJson.Time(root, "timestamp") }
            .FirstOrDefault(t => t > DateTimeOffset.MinValue, DateTimeOffset.MinValue),
        Author = OsvJson.Text(root, "author") ?? "",
    };

    private static string? Problem(JsonElement item, VexStatement? statement) => statement switch
    {
        null => $"it has no status that is known: \"{OsvJson.Text(item, "status")}\"",
        { Vulnerabilities.Count: 0 } => "it names no vulnerability",
        { Products.Count: 0 } => "it names no product by a package URL or a SHA-256 digest",
        { Status: VexStatus.NotAffected, Justification: "" } => "a product that is not affected needs a justification or an impact_statement",
        { Status: VexStatus.NotAffected } when OsvJson.Text(item, "justification") is { Length: > 0 } label && !Justifications.Contains(label) => $"its justification is not known: \"{label}\"",
        _ => null,
    };

    private static VexStatus? StatusOf(string? label) => label switch
    {
        "not_affected" => VexStatus.NotAffected,
        "affected" => VexStatus.Affected,
        "fixed" => VexStatus.Fixed,
        "under_investigation" => VexStatus.UnderInvestigation,
        _ => null,
    };

    /// <summary>An object with a name and aliases; a text in version 0.0.1.</summary>
    private static List<string> Vulnerabilities(JsonElement item) => OsvJson.Member(item, "vulnerability") is not { } vulnerability ? [] :
        [.. new[] { OsvJson.Text(item, "vulnerability"), OsvJson.Text(vulnerability, "name") }.Concat(OsvJson.Texts(vulnerability, "aliases")).OfType<string>().Where(n => n.Length > 0)];
}

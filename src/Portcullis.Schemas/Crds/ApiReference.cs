using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Crds;

/// <summary>
/// The fields of a kind as a page in Markdown, for readers who have no cluster at hand to ask with <c>kubectl explain</c>. Written from the same
/// CustomResourceDefinition that the API server gets, so that page and server say the same.
/// </summary>
public static class ApiReference
{
    private static readonly string[] Parts = ["spec", "status"];

    /// <summary>The page of one kind.</summary>
    /// <param name="crd">What <see cref="CrdWriter.Crd"/> gives.</param>
    public static string Page(JsonObject crd)
    {
        var spec = crd.Object("spec")!;
        var version = spec.Array("versions")![0]!.AsObject();
        var schema = version.Object("schema").Object("openAPIV3Schema")!;
        var text = new StringBuilder();
        text.Append("<!-- Written by: portcullis crds --reference docs/api -->\n");
        text.Append("# ").Append(NameOf(crd)).Append("\n\n");
        text.Append(schema.String("description")).Append("\n\n");
        text.Append("`apiVersion: ").Append(spec.String("group")).Append('/').Append(version.String("name")).Append("`, ")
            .Append(spec.String("scope") == "Cluster" ? "cluster-scoped" : "in a namespace").Append("; with kubectl: ").AppendJoin(", ", Names(spec).Select(Code)).Append(".\n");
        foreach (var part in Parts.Where(p => schema.Object("properties").Object(p) is not null))
        {
            WritePart(text, part, schema.Object("properties").Object(part)!);
        }

        WriteColumns(text, version);
        return text.ToString();
    }

    /// <summary>The page that leads to the others.</summary>
    /// <param name="crds">Of all kinds, in the order of the page.</param>
    public static string Index(IEnumerable<JsonObject> crds)
    {
        var text = new StringBuilder("<!-- Written by: portcullis crds --reference docs/api -->\n# API reference\n\nThe same is printed by `kubectl explain`.\n\n| kind | what it says |\n|---|---|\n");
        foreach (var crd in crds)
        {
            var description = crd.Object("spec").Array("versions")![0]!.AsObject().Object("schema").Object("openAPIV3Schema").String("description");
            text.Append("| [").Append(NameOf(crd)).Append("](").Append(FileOf(crd)).Append(") | ").Append(Cell(description)).Append(" |\n");
        }

        return text.ToString();
    }

    /// <summary>The name of a kind's page, without a folder.</summary>
    public static string FileOf(JsonObject crd) => crd.Object("spec").Object("names").String("plural") + ".md";

    private static string NameOf(JsonObject crd) => crd.Object("spec").Object("names").String("kind")!;

    private static IEnumerable<string> Names(JsonObject spec) =>
        [spec.Object("names").String("plural")!, .. (spec.Object("names").Array("shortNames") ?? []).Select(n => n!.GetValue<string>())];

    private static void WritePart(StringBuilder text, string part, JsonObject schema)
    {
        var rows = FieldRows.Of(part, schema).ToList();
        text.Append("\n## ").Append(part).Append("\n\n| field | type | |\n|---|---|---|\n");
        foreach (var row in rows)
        {
            text.Append("| ").Append(Code(row.Path)).Append(row.IsRequired ? " (required)" : "").Append(" | ").Append(Cell(row.Type)).Append(" | ").Append(Cell(row.Description)).Append(" |\n");
        }

        var rules = rows.SelectMany(r => r.Rules.Select(rule => (r.Path, Rule: rule))).Concat(FieldRows.RulesOf(schema).Select(rule => (Path: part, Rule: rule))).ToList();
        if (rules.Count > 0)
        {
            text.Append("\nRules:\n\n");
        }

        foreach (var (path, rule) in rules)
        {
            text.Append("- ").Append(Code(path)).Append(": ").Append(rule).Append('\n');
        }
    }

    private static void WriteColumns(StringBuilder text, JsonObject version)
    {
        text.Append("\n## Columns\n\n| column | from | |\n|---|---|---|\n");
        foreach (var column in (version.Array("additionalPrinterColumns") ?? []).Select(c => c!.AsObject()))
        {
            text.Append("| ").Append(column.String("name")).Append(" | ").Append(Code(column.String("jsonPath")!)).Append(" | ").Append(column["priority"] is null ? "" : "with `-o wide`").Append(" |\n");
        }
    }

    private static string Code(string text) => text.Contains('`', StringComparison.Ordinal) ? $"`` {text} ``" : $"`{text}`";

    /// <summary>A vertical bar would end the cell, and a line break the table.</summary>
    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}

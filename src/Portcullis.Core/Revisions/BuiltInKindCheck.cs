using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Core.Revisions;

/// <summary>One thing that is wrong with a field. <paramref name="IsUnknown"/>: a newer server may know the field.</summary>
internal sealed record FieldProblem(string Path, string Message, bool IsUnknown = false);

/// <summary>
/// Whether the fields of an object of Kubernetes itself exist and have values of their types, as a server decides it when it decodes the object:
/// a field without a value counts as absent, a number is a quantity too. What values mean is left to the server.
/// </summary>
internal static class BuiltInKindCheck
{
    private const int LongestQuote = 80;

    /// <summary>Judged apart: by the rules for metadata, and by the rule that nobody declares a status.</summary>
    private static readonly HashSet<string> OfEveryObject = new(StringComparer.Ordinal) { "apiVersion", "kind", "metadata", "status" };

    /// <summary>Nothing for a kind or version that does not ship: the server knows.</summary>
    public static IEnumerable<FieldProblem> Check(string apiVersion, string kind, JsonObject value) =>
        BuiltInTypes.FieldsOfKind(apiVersion, kind) is { } fields
            ? Members(fields, value.Where(m => !OfEveryObject.Contains(m.Key)), value, "")
            : [];

    private static IEnumerable<FieldProblem> Members(
        IReadOnlyDictionary<string, BuiltInField> fields, IEnumerable<KeyValuePair<string, JsonNode?>> members, JsonObject value, string path)
    {
        foreach (var (name, member) in members)
        {
            var at = FieldPath.Member(path, name);
            if (!fields.TryGetValue(name, out var field))
            {
                var near = Spelling.Nearest(name, [.. fields.Keys]);
                yield return new FieldProblem(at, near is null ? $"{at}: unknown field" : $"{at}: unknown field; did you mean {near}?", true);
                continue;
            }

            foreach (var problem in Value(field.Shape, member, at))
            {
                yield return problem;
            }
        }

        foreach (var missing in fields.Values.Where(f => f.IsRequired && value[f.Name] is null).OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            var at = FieldPath.Member(path, missing.Name);
            yield return new FieldProblem(at, $"{at}: Required value");
        }
    }

    private static IEnumerable<FieldProblem> Value(string shape, JsonNode? value, string path) => value switch
    {
        null => [],
        _ when shape.StartsWith("[]", StringComparison.Ordinal) => value is JsonArray items
            ? items.SelectMany((item, i) => Value(shape[2..], item, FieldPath.Index(path, i)))
            : [Misfit("a list", value, path)],
        _ when shape.StartsWith("{}", StringComparison.Ordinal) => value is JsonObject entries
            ? entries.SelectMany(e => Value(shape[2..], e.Value, FieldPath.Member(path, e.Key)))
            : [Misfit("a map", value, path)],
        _ when ScalarShape.Find(shape) is { } scalar => scalar.Accepts(value)
            ? []
            : [scalar.MayBeSecret ? new FieldProblem(path, $"{path}: must be {scalar.InWords}{Quotes(scalar, value)}") : Misfit(scalar.InWords, value, path)],
        JsonObject members => Members(BuiltInTypes.FieldsOf(shape), members, members, path),
        _ => [Misfit("a map", value, path)],
    };

    private static string Quotes(ScalarShape scalar, JsonNode value) =>
        scalar == ScalarShape.String && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? "; put it in quotes" : "";

    private static FieldProblem Misfit(string wanted, JsonNode value, string path) => new(path, $"{path}: Invalid value: {Found(value)}: must be {wanted}");

    private static string Found(JsonNode value) => value switch
    {
        JsonObject => "a map",
        JsonArray => "a list",
        _ => CanonicalJson.ToText(value) is { Length: > LongestQuote } text ? text[..LongestQuote] + "…" : CanonicalJson.ToText(value),
    };
}

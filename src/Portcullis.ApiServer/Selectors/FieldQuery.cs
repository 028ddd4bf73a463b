using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Kinds;

namespace Portcullis.ApiServer.Selectors;

/// <summary>A parsed <c>fieldSelector</c>: metadata.name, metadata.namespace and what the kind allows.</summary>
internal sealed class FieldQuery
{
    public static readonly FieldQuery Everything = new([]);

    private static readonly string[] Always = ["metadata.name", "metadata.namespace"];

    private readonly List<(string Path, bool Equal, string Value)> _terms;

    private FieldQuery(List<(string Path, bool Equal, string Value)> terms) => _terms = terms;

    public bool IsEverything => _terms.Count == 0;

    public static FieldQuery Parse(string? text, ServedKind kind)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var terms = new List<(string, bool, string)>();
        foreach (var term in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (path, equal, value) = Split(term);
            if (!Always.Contains(path) && !kind.SelectableFields.Contains(path, StringComparer.Ordinal))
            {
                throw StatusException.BadRequest(Unknown(kind, path));
            }

            terms.Add((path, equal, value));
        }

        return new FieldQuery(terms);
    }

    public bool Matches(JsonObject value) => _terms.TrueForAll(t => (Read(value, t.Path) == t.Value) == t.Equal);

    private static (string Path, bool Equal, string Value) Split(string term)
    {
        foreach (var (op, equal) in new[] { ("!=", false), ("==", true), ("=", true) })
        {
            var at = term.IndexOf(op, StringComparison.Ordinal);
            if (at > 0)
            {
                return (term[..at], equal, term[(at + op.Length)..]);
            }
        }

        throw StatusException.BadRequest($"invalid selector: '{term}'; can't understand '{term}'");
    }

    private static string Unknown(ServedKind kind, string path) => kind.SelectableFields.Count == 0
        ? $"\"{path}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        : $"field label not supported: {path}";

    private static string Read(JsonObject value, string path)
    {
        if (path == "source")
        {
            var component = (value["source"] as JsonObject)?["component"]?.ToString();
            return string.IsNullOrEmpty(component) ? value["reportingComponent"]?.ToString() ?? "" : component;
        }

        JsonNode? node = value;
        foreach (var part in path.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node is JsonValue scalar
            ? scalar.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? scalar.ToJsonString() : scalar.ToString()
            : path is "spec.unschedulable" or "spec.hostNetwork" ? "false" : "";
    }
}

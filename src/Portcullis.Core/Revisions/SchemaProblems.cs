using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.Core.Revisions;

/// <summary>What a schema says against an object, each with the path of its field.</summary>
internal static class SchemaProblems
{
    public static IEnumerable<(string Path, string Message)> Of(CompiledSchema schema, JsonObject value)
    {
        var defaulted = (JsonObject)value.DeepClone();
        schema.ApplyDefaults(defaulted);
        return schema.UnknownFields(value).Select(path => (path, Unknown(schema, path))).Concat(Describe(schema.Validate(defaulted)));
    }

    private static string Unknown(CompiledSchema schema, string path) =>
        FieldSpelling.Near(schema.Schema, path) is { } near ? $"{path}: unknown field; did you mean {near}?" : $"{path}: unknown field";

    /// <summary>An error without a field is about the object.</summary>
    public static IEnumerable<(string Path, string Message)> Describe(IEnumerable<FieldError> errors) => errors
        .Where(e => e != Fault.RulesNotChecked)
        .Select(e => e.ForPeople ?? e)
        .Select(e => e.Path == Fault.NoPath ? ("", e.Message) : (e.Path, InWords(e.ToString())));

    /// <summary>A pattern says nothing to who wrote <c>5 minutes</c>; an example does.</summary>
    private static string InWords(string message) => PatternWords.All.Aggregate(
        message, (text, pattern) => text.Replace($"should match '{pattern.Key}'", pattern.Value, StringComparison.Ordinal));
}

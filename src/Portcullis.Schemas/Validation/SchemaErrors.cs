using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// Adds errors to a result in the wording of kube-openapi. <paramref name="prefix"/> stands before every path but not in messages, as when
/// the status alone is validated.
/// </summary>
internal sealed class SchemaErrors(string prefix)
{
    public const string Body = "in body";

    public string At(string path) => prefix.Length == 0 ? (path.Length == 0 ? Fault.NoPath : path) : path.Length == 0 ? prefix : $"{prefix}.{path}";

    public void Invalid(SchemaResult result, string path, JsonNode? value, string detail) =>
        result.Errors.Add(Fault.Invalid(At(path), value, $"{path} {Body} {detail}") with { ForPeople = Fault.Invalid(At(path), value, detail) });

    /// <summary>Errors that kube-openapi raises without a field.</summary>
    public void Plain(SchemaResult result, string path, string detail) => result.Errors.Add(Unplaced($"{GoText.Quote(path)} {detail}") with
    {
        ForPeople = Fault.InvalidUnshown(At(path), detail),
    });

    public FieldError Unplaced(string message) => Fault.Invalid(prefix.Length == 0 ? Fault.NoPath : prefix, JsonValue.Create(""), message);
}

using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Admission;

/// <summary>What is wrong with a field of a built-in kind, in the API server's words (apimachinery's field.Error). Values are given as JSON.</summary>
internal static class KindFieldErrors
{
    public static FieldError Invalid(string path, string value, string detail) => new("FieldValueInvalid", path, $"Invalid value: {value}: {detail}");

    /// <param name="path">The field.</param>
    /// <param name="detail">Why it is needed; may be empty.</param>
    public static FieldError Required(string path, string detail) =>
        new("FieldValueRequired", path, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    /// <param name="path">The field.</param>
    /// <param name="value">The text that it has.</param>
    /// <param name="supported">The texts that it may have.</param>
    public static FieldError NotSupported(string path, string value, params IEnumerable<string> supported) =>
        new("FieldValueNotSupported", path, $"Unsupported value: {Text(value)}: supported values: {string.Join(", ", supported.Select(Text))}");

    /// <summary>A text as JSON.</summary>
    public static string Text(string value) => KubernetesJson.ToText(JsonValue.Create(value));
}

using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Structural;

/// <summary>Field errors in the words of apimachinery's <c>field.Error</c>; public since the API server's own checks use the same words.</summary>
public static class Fault
{
    /// <summary>How Kubernetes writes the path of an error that belongs to no field.</summary>
    public const string NoPath = "<nil>";

    /// <summary>Stands after other errors only: no error of its own, but why there may be more of them next time.</summary>
    public static FieldError RulesNotChecked { get; } =
        Invalid(NoPath, null, "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation");

    public static FieldError Required(string path, string detail = "") => new("FieldValueRequired", path, Join("Required value", detail));

    public static FieldError Invalid(string path, JsonNode? value, string detail) => new("FieldValueInvalid", path, Join($"Invalid value: {GoText.Value(value)}", detail));

    /// <summary>An invalid value that is too large or secret to be shown.</summary>
    public static FieldError InvalidUnshown(string path, string detail) => new("FieldValueInvalid", path, Join("Invalid value", detail));

    public static FieldError TypeInvalid(string path, JsonNode? value, string detail) => new("FieldValueTypeInvalid", path, Join($"Invalid value: {GoText.Value(value)}", detail));

    public static FieldError Duplicate(string path, JsonNode? value) => new("FieldValueDuplicate", path, $"Duplicate value: {GoText.Value(value)}");

    public static FieldError Forbidden(string path, string detail) => new("FieldValueForbidden", path, Join("Forbidden", detail));

    public static FieldError TooLong(string path, long max) =>
        new("FieldValueTooLong", path, Invariant($"Too long: may not be more than {max} bytes"));

    public static FieldError TooMany(string path, long actual, long max, string unit = "items") =>
        new("FieldValueTooMany", path, Invariant($"Too many: {actual}: must have at most {max} {unit}"));

    public static FieldError NotSupported(string path, JsonNode? value, IEnumerable<string> supported) =>
        new("FieldValueNotSupported", path, $"Unsupported value: {GoText.Value(value)}: supported values: {string.Join(", ", supported.Select(GoText.Quote))}");

    internal static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Join(string head, string detail) => detail.Length == 0 ? head : $"{head}: {detail}";
}

using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>The checks of a number: what its format can hold, multiples and bounds. Whole numbers are compared as such, without rounding.</summary>
internal static class NumberChecks
{
    public static void Run(SchemaNode node, JsonValue value, string path, SchemaResult result, SchemaErrors errors)
    {
        var schema = node.Schema;
        var isWhole = JsonNumber.TryInt64(value, out var whole);
        _ = JsonNumber.TryDouble(value, out var number);
        if (node.Types is ["integer"] && ((node.Format == "int32" && number is < int.MinValue or > int.MaxValue) || (!isWhole && Math.Abs(number) >= 9.3e18)))
        {
            var wanted = $"must be of type integer {(node.Format is { } f ? $"with format {f}" : "(default format)")}";
            result.Errors.Add(errors.Unplaced($"Checked value {wanted} in {path}") with { ForPeople = Fault.Invalid(errors.At(path), value, wanted) });
        }

        if (schema.MultipleOf is { } factor && !IsMultiple(isWhole, whole, number, factor))
        {
            errors.Invalid(result, path, value, $"should be a multiple of {Bound(isWhole, factor)}");
        }

        if (schema.Minimum is { } min && (schema.ExclusiveMinimum ? Compare(isWhole, whole, number, min) <= 0 : Compare(isWhole, whole, number, min) < 0))
        {
            errors.Invalid(result, path, value, $"should be greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{Bound(isWhole, min)}");
        }

        if (schema.Maximum is { } max && (schema.ExclusiveMaximum ? Compare(isWhole, whole, number, max) >= 0 : Compare(isWhole, whole, number, max) > 0))
        {
            errors.Invalid(result, path, value, $"should be less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{Bound(isWhole, max)}");
        }

        result.Matches++;
    }

    private static int Compare(bool isWhole, long whole, double number, double bound) =>
        isWhole ? whole.CompareTo((long)bound) : number.CompareTo(bound);

    private static string Bound(bool isWhole, double bound) => isWhole && bound == Math.Floor(bound) ? Fault.Invariant($"{(long)bound}") : GoText.Float(bound);

    private static bool IsMultiple(bool isWhole, long whole, double number, double factor)
    {
        if (isWhole && factor >= 1 && factor == Math.Floor(factor))
        {
            return whole % (long)factor == 0;
        }

        var quotient = factor < 1 ? 1 / factor * number : number / factor;
        return Math.Abs(quotient - Math.Round(quotient)) < 1e-9 * Math.Max(1, Math.Abs(quotient));
    }
}

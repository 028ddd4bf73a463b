using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>A type of single values in <c>BuiltInTypes.txt</c>: which values a server decodes into it, and what a reader calls it.</summary>
internal sealed partial record ScalarShape(string InWords, Func<JsonNode, bool> Accepts)
{
    /// <summary>What a Secret holds, and what may be an environment variable: a message does not quote such a value.</summary>
    public bool MayBeSecret { get; private init; }

    public static ScalarShape String { get; } = new("a string", IsString) { MayBeSecret = true };

    private static readonly Dictionary<string, ScalarShape> All = new(StringComparer.Ordinal)
    {
        ["any"] = new("anything", _ => true),
        ["string"] = String,
        ["bool"] = new("true or false", v => v.GetValueKind() is JsonValueKind.True or JsonValueKind.False),
        ["int32"] = new("a 32-bit integer", v => IsInteger(v, int.MinValue, int.MaxValue)),
        ["int64"] = new("an integer", v => IsInteger(v, long.MinValue, long.MaxValue)),
        ["number"] = new("a number", IsNumber),
        ["time"] = new("a time such as \"2026-01-31T08:00:00Z\"", v => Text(v) is { } text && (text.Length == 0 || Rfc3339().IsMatch(text))),
        ["bytes"] = new("base64", v => Text(v) is { } text && IsBase64(text)) { MayBeSecret = true },
        ["intstr"] = new("an integer or a string", v => IsString(v) || IsInteger(v, int.MinValue, int.MaxValue)),
        ["quantity"] = new("a quantity such as 100m or 1.5Gi", v => IsNumber(v) || (Text(v) is { } text && Quantity().IsMatch(text.Trim()))),
    };

    /// <summary>Null for the name of a type that has fields.</summary>
    public static ScalarShape? Find(string shape) => All.GetValueOrDefault(shape);

    private static bool IsString(JsonNode value) => value.GetValueKind() == JsonValueKind.String;

    private static bool IsNumber(JsonNode value) => value.GetValueKind() == JsonValueKind.Number;

    private static string? Text(JsonNode value) => IsString(value) ? value.GetValue<string>() : null;

    /// <summary>A number without a fraction is an integer however it is written.</summary>
    private static bool IsInteger(JsonNode value, long least, long most) =>
        IsNumber(value) && (JsonNumber.TryInt64(value, out var whole)
            ? whole >= least && whole <= most
            : JsonNumber.TryDouble(value, out var number) && number == Math.Floor(number) && number >= least && number <= most);

    /// <summary>Go's decoder skips line ends, which a block in YAML has.</summary>
    private static bool IsBase64(string text)
    {
        var one = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        return one.Length % 4 == 0 && Convert.TryFromBase64String(one, new byte[(one.Length / 4 * 3) + 3], out _);
    }

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}

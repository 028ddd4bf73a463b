using System.Globalization;
using System.Text.Json;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Reads members that may be missing or of another type than the schema says; both are as if they were not there.</summary>
internal static class OsvJson
{
    public static string? Text(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? TextOf(value) : null;

    /// <summary>The elements of a list that are texts.</summary>
    public static IReadOnlyList<string> Texts(JsonElement owner, string name) =>
        [.. Items(owner, name).Where(i => i.ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(TextOf)];

    public static IEnumerable<JsonElement> Items(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A time of RFC 3339; the least one when there is none or it cannot be read.</summary>
    public static DateTimeOffset Time(JsonElement owner, string name) =>
        DateTimeOffset.TryParse(Text(owner, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : DateTimeOffset.MinValue;

    /// <summary>A number is the version 1.10 as it is written, not the number 1.1. What is no text in UTF-16 (a lone surrogate) is no text.</summary>
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}

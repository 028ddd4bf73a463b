using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portcullis.Objects;

/// <summary>
/// A value that manifests write as a number or as text (<c>cpu: 2</c>, <c>cpu: "2"</c>, <c>cpu: 500m</c>): quantities, percentages.
/// In a CRD it is <c>x-kubernetes-int-or-string</c>. Written back as text.
/// </summary>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString(string Text)
{
    public override string ToString() => Text;
}

/// <summary>Reads both forms.</summary>
public sealed class IntOrStringConverter : JsonConverter<IntOrString>
{
    public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) => new IntOrString(number.ToString(CultureInfo.InvariantCulture)),
        JsonTokenType.String => new IntOrString(reader.GetString()!),
        _ => throw new JsonException("a whole number or a string is wanted"),
    };

    public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Text);
    }
}

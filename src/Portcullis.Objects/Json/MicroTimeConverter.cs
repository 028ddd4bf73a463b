using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portcullis.Objects.Json;

/// <summary>Times whose order counts within a second (metav1.MicroTime): RFC 3339 in UTC, to the microsecond. Any RFC 3339 time is read.</summary>
public sealed class MicroTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(KubernetesJson.MicroTime(value));
    }
}

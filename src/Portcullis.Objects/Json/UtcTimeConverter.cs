using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portcullis.Objects.Json;

/// <summary>Times as Kubernetes writes them (metav1.Time): RFC 3339 in UTC, to the second, ending in Z. Any RFC 3339 time is read.</summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(KubernetesJson.Time(value));
    }
}

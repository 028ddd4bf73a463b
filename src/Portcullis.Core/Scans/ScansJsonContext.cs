using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Scans;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImageScan))]
public sealed partial class ScansJsonContext : JsonSerializerContext;

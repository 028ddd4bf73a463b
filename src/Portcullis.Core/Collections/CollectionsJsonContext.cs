using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Collections;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Collection))]
public sealed partial class CollectionsJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Sources;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GitSource))]
[JsonSerializable(typeof(SourceInventory))]
public sealed partial class SourcesJsonContext : JsonSerializerContext;

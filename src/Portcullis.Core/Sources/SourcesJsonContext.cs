using System.Text.Json.Serialization;

namespace Portcullis.Core.Sources;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GitSource))]
[JsonSerializable(typeof(SourceInventory))]
public sealed partial class SourcesJsonContext : JsonSerializerContext;

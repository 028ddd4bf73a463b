using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Grants;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Grant))]
public sealed partial class GrantsJsonContext : JsonSerializerContext;

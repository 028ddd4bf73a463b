using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Repositories;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Repository))]
[JsonSerializable(typeof(TagLedger))]
public sealed partial class RepositoriesJsonContext : JsonSerializerContext;

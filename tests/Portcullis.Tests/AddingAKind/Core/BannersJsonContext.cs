using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.AddingAKind.Core;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Banner))]
internal sealed partial class BannersJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Organizations;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Organization))]
public sealed partial class OrganizationsJsonContext : JsonSerializerContext;

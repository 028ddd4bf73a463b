using System.Text.Json.Serialization;

namespace Portcullis.Core.Organizations;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Organization))]
public sealed partial class OrganizationsJsonContext : JsonSerializerContext;

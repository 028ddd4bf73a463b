using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Hardening;

/// <summary>JSON of this folder's kinds, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeHardening))]
[JsonSerializable(typeof(NodeReport))]
[JsonSerializable(typeof(NodeReportStatus))]
public sealed partial class HardeningJsonContext : JsonSerializerContext;

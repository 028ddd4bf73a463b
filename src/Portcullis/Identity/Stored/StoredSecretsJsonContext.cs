using System.Text.Json.Serialization;

namespace Portcullis.Identity.Stored;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessTokenSecret))]
[JsonSerializable(typeof(SourceSecret))]
internal sealed partial class StoredSecretsJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Portcullis.Identity.Logins;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FailedLoginMap))]
[JsonSerializable(typeof(IReadOnlyList<FailureCount>))]
internal sealed partial class FailedLoginsJsonContext : JsonSerializerContext;

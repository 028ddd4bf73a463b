using System.Text.Json.Serialization;

namespace Portcullis.Cluster;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NamespaceObject))]
[JsonSerializable(typeof(NodeObject))]
internal sealed partial class ClusterObjectsJsonContext : JsonSerializerContext;

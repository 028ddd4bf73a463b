using System.Text.Json.Serialization.Metadata;
using Portcullis.Core;

namespace Portcullis.Cluster;

/// <summary>A namespace as far as the program reads it.</summary>
internal sealed record NamespaceObject : IResource<NamespaceObject>
{
    public static ApiResource Definition => ClusterKinds.Namespace;

    public static JsonTypeInfo<NamespaceObject> JsonType => ClusterObjectsJsonContext.Default.NamespaceObject;

    public required ObjectMeta Metadata { get; init; }
}

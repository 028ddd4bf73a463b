using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core;

namespace Portcullis.Cluster;

/// <summary>A node as far as the program reads it.</summary>
internal sealed record NodeObject : IResource<NodeObject>
{
    public static ApiResource Definition => ClusterKinds.Node;

    public static JsonTypeInfo<NodeObject> JsonType => ClusterObjectsJsonContext.Default.NodeObject;

    public required ObjectMeta Metadata { get; init; }

    public NodeObjectSpec? Spec { get; init; }
}

/// <summary>The one part of a node's spec that we share with others.</summary>
internal sealed record NodeObjectSpec
{
    public JsonArray? Taints { get; init; }
}

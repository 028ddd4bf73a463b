using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core;

namespace Portcullis.Collections;

/// <summary>A namespace as far as collections look at it.</summary>
internal sealed record NamespaceObject : IResource<NamespaceObject>
{
    public static ApiResource Definition => ClusterKinds.Namespace;

    public static JsonTypeInfo<NamespaceObject> JsonType => ClusterObjectsJsonContext.Default.NamespaceObject;

    public required ObjectMeta Metadata { get; init; }
}

/// <summary>A node as far as collections look at it.</summary>
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

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NamespaceObject))]
[JsonSerializable(typeof(NodeObject))]
internal sealed partial class ClusterObjectsJsonContext : JsonSerializerContext;

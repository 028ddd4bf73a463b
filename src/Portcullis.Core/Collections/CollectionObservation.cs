using System.Text.Json.Nodes;

namespace Portcullis.Core.Collections;

/// <summary>The input of a collection's plan, as the cluster has it now.</summary>
public sealed record CollectionObservation
{
    /// <summary>The collection's path, by which a namespace or node that lost our label is known still.</summary>
    public string? Path { get; init; }

    /// <summary>Its members that exist, and every namespace that carries its mark.</summary>
    public IReadOnlyDictionary<string, JsonObject> Namespaces { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Guardrail objects of ours in those namespaces, and those that carry its label elsewhere.</summary>
    public IReadOnlyDictionary<(string Plural, ObjectKey Key), JsonObject> Guardrails { get; init; } =
        new Dictionary<(string, ObjectKey), JsonObject>();

    /// <summary>Its nodes, and every node that carries its mark.</summary>
    public IReadOnlyDictionary<string, JsonObject> Nodes { get; init; } = new Dictionary<string, JsonObject>();
}

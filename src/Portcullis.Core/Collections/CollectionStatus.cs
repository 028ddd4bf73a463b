namespace Portcullis.Core.Collections;

/// <summary>The status of a collection.</summary>
public sealed record CollectionStatus : DeclarableStatus
{
    /// <summary>Its own namespaces, without those of its children.</summary>
    public int? NamespaceCount { get; init; }

    /// <summary>The first hundred of them.</summary>
    [Items(100)]
    public IReadOnlyList<string>? Namespaces { get; init; }

    public int? NodeCount { get; init; }

    /// <summary>The direct children's paths.</summary>
    [Items(100)]
    public IReadOnlyList<string>? Children { get; init; }

    /// <summary>The guardrails in force here: its own and what it inherits, the strictest of each.</summary>
    public Guardrails? EffectiveGuardrails { get; init; }
}

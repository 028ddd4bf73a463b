using System.ComponentModel;

namespace Portcullis.Core.Collections;

/// <summary>The status of a collection.</summary>
public sealed record CollectionStatus : DeclarableStatus
{
    /// <summary>Its own namespaces, without those of its children.</summary>
    [Description("The number of its own namespaces.")]
    public int? NamespaceCount { get; init; }

    /// <summary>The first hundred of them.</summary>
    [Items(100)]
    [Description("Its own namespaces; the first ones.")]
    public IReadOnlyList<string>? Namespaces { get; init; }

    [Description("The number of its own nodes.")]
    public int? NodeCount { get; init; }

    /// <summary>The direct children's paths.</summary>
    [Items(100)]
    [Description("The paths of the collections directly below.")]
    public IReadOnlyList<string>? Children { get; init; }

    /// <summary>The guardrails in force here: its own and what it inherits, the strictest of each.</summary>
    [Description("The guardrails in force: its own and those of its ancestors, the tightest of each.")]
    public Guardrails? EffectiveGuardrails { get; init; }

    /// <summary>How many RoleBindings in its own namespaces give access that no Grant gives; without those that give a service account rights in its own namespace.</summary>
    [Description("The number of RoleBindings in its namespaces that stand for no Grant.")]
    public int? ForeignBindings { get; init; }

    /// <summary>The first twenty of them: NAMESPACE/NAME, the role, and who has it.</summary>
    [Items(20)]
    [Description("RoleBindings in its namespaces that stand for no Grant; the first ones.")]
    public IReadOnlyList<string>? ForeignAccess { get; init; }
}

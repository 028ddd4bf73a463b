using System.Text.Json.Serialization.Metadata;

namespace Portcullis.Core.Kinds;

/// <summary>Everything that a kind says of itself: its CRD, how its manifests are read, and what they are checked against.</summary>
public sealed record KindDefinition(ApiResource Resource, JsonTypeInfo Type, CrdOptions Options)
{
    /// <summary>False for kinds that only the program writes: Git may not declare them.</summary>
    public bool Declarable { get; init; } = true;

    /// <summary>True for kinds whose names are written as the value of a label on other objects.</summary>
    public bool NameIsLabelValue { get; init; }

    /// <summary>What must hold over a whole revision because of this kind.</summary>
    public IReadOnlyList<IRevisionRule> Rules { get; init; } = [];

    /// <summary>
    /// What an object uses of the platform. Null: the kind claims nothing, so that no scope could bound it and only the root source may declare
    /// it. References to Secrets (<c>…secretRef.name</c>) are claimed for every kind and need not be named here.
    /// </summary>
    public Func<DeclaredObject, IEnumerable<ScopeClaim>>? Claims { get; init; }

    /// <summary>Whether an object of the kind is never acted upon unless Git declares it, not even where trying things out is allowed.</summary>
    public Func<object, bool> MustBeDeclared { get; init; } = _ => false;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Collections;

/// <summary>The place of a collection, its members and their limits.</summary>
public sealed record CollectionSpec : ISuspendable
{
    [Description("Pauses new work and drift correction while true.")]
    public bool? Suspend { get; init; }

    [Description("The place in the tree, such as /production/mobile: lower-case DNS labels, at most 10 deep. The parent must exist.")]
    [StringLength(640, MinimumLength = 2)]
    [RegularExpression("^(/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){1,10}$")]
    public required string Path { get; init; }

    [Description("Namespaces of this collection. A namespace is in one collection at most.")]
    [ListMap("name")]
    [Items(1000)]
    public IReadOnlyList<CollectionNamespace>? Namespaces { get; init; }

    [Description("Existing namespaces of this collection, by label. kube-*, default and Portcullis' own never match.")]
    public LabelSelector? NamespaceSelector { get; init; }

    [Description("Nodes of this collection.")]
    public CollectionNodes? Nodes { get; init; }

    [Description("Registry repositories of this collection, * for any part of the name: mobile/*.")]
    [ListMap]
    [Items(200)]
    public IReadOnlyList<string>? Repositories { get; init; }

    [Description("Limits on all members. Children inherit them and may only tighten them.")]
    public Guardrails? Guardrails { get; init; }
}

/// <summary>Whether a namespace is made or taken over.</summary>
public enum NamespaceMode
{
    /// <summary>Made when it is not there; one that is there already is refused.</summary>
    Create,

    /// <summary>Taken over as it is; waited for when it is not there.</summary>
    Adopt,
}

/// <summary>One namespace by name.</summary>
public sealed record CollectionNamespace
{
    [StringLength(63, MinimumLength = 1)]
    [RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    [Description("The name of the namespace.")]
    public required string Name { get; init; }

    [Description("Create: create it, and reject one that already exists (default). Adopt: take over the existing one.")]
    public NamespaceMode? Mode { get; init; }
}

/// <summary>Nodes by name, by label, or both.</summary>
public sealed record CollectionNodes
{
    [ListMap]
    [Items(1000)]
    [Description("Nodes by name.")]
    public IReadOnlyList<string>? Names { get; init; }

    [Description("Nodes by their labels.")]
    public LabelSelector? Selector { get; init; }
}

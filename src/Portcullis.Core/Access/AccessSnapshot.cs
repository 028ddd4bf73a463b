using Portcullis.Core.Collections;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;

namespace Portcullis.Core.Access;

/// <summary>Everything that access is decided from, as values: a cluster's at one moment, a revision's, or an example's.</summary>
public sealed record AccessSnapshot
{
    public IReadOnlyList<Collection> Collections { get; init; } = [];

    public IReadOnlyList<NamespaceFact> Namespaces { get; init; } = [];

    public IReadOnlyList<NodeFact> Nodes { get; init; } = [];

    public IReadOnlyList<Organization> Organizations { get; init; } = [];

    public IReadOnlyList<AccessRole> Roles { get; init; } = [];

    public IReadOnlyList<AccessGrant> Grants { get; init; } = [];

    /// <summary>The sources by whose scopes grants and collections are held.</summary>
    public IReadOnlyList<ScopeHolder> Sources { get; init; } = [];

    /// <summary>What is left out of the lists above because nobody knows what is declared of it.</summary>
    public UnsettledObjects Unsettled { get; init; } = UnsettledObjects.None;

    /// <summary>The source that no scope holds and that alone may claim protected namespaces.</summary>
    public string? RootSource { get; init; }
}

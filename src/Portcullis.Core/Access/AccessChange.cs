using Portcullis.Core.Collections;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Access;

/// <summary>What two snapshots differ in.</summary>
internal sealed record AccessChange(TreeChange Tree, ListChange<Organization> Organizations, ListChange<AccessRole> Roles, ListChange<AccessGrant> Grants)
{
    /// <summary>Sources that came, went, or have another scope.</summary>
    public IReadOnlySet<string> RescopedSources => Tree.RescopedSources;

    public static AccessChange Between(AccessSnapshot before, AccessSnapshot after)
    {
        var sources = ListChange.Between(before.Sources, after.Sources);
        var tree = new TreeChange(
            ListChange.Between(before.Collections, after.Collections),
            ListChange.Between(before.Namespaces, after.Namespaces),
            ListChange.Between(before.Nodes, after.Nodes))
        {
            RescopedSources = sources.Gone.Concat(sources.Added).Select(s => s.Source).ToHashSet(StringComparer.Ordinal),
        };
        return new AccessChange(
            tree,
            ListChange.Between(before.Organizations, after.Organizations),
            ListChange.Between(before.Roles, after.Roles),
            ListChange.Between(before.Grants, after.Grants));
    }
}

using Portcullis.Core.Collections;
using Portcullis.Core.Kinds;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;

namespace Portcullis.Core.Access;

/// <summary>
/// Holds every grant to the scope of the source that declared it, also after validation: a scope that was narrowed since, or a role that has
/// grown, takes effect at once; so do collections with the namespaces and repositories they claim. What no source declared, and what belongs to
/// sources we do not see, was written by a cluster administrator.
/// </summary>
internal sealed class SourceScopes(IEnumerable<ScopeHolder> sources, string? rootSource)
{
    private readonly Dictionary<string, ScopeHolder> _holders =
        sources.Where(s => !s.IsRoot && s.Source != rootSource).ToDictionary(s => s.Source, StringComparer.Ordinal);

    public bool Hold(AccessGrant grant) => HolderOf(grant.Metadata) is not null;

    public string? Refusal(AccessGrant grant, RoleResolver roles) => HolderOf(grant.Metadata) is { } holder
        ? First(new ScopePolicy(holder, name => roles.Find(name)?.Role, name => roles.FindForeign(name, holder.Source)), GrantClaims.Of(grant.Spec))
        : null;

    /// <summary>Why the collection's source may not claim this for it.</summary>
    public string? Refusal(Collection collection, ScopeClaim claim) => HolderOf(collection.Metadata) is { } holder
        ? First(new ScopePolicy(holder, _ => null, _ => null), [new ScopeClaim.Collection("spec.path", collection.Spec.Path), claim])
        : null;

    /// <summary>Whether a source could declare this collection itself. One without a scope could.</summary>
    public bool Covers(string source, string path) =>
        !_holders.TryGetValue(source, out var holder) || new ScopePolicy(holder, _ => null, _ => null).Refusal(new ScopeClaim.Collection("spec.path", path)) is null;

    private static string? First(ScopePolicy policy, IEnumerable<ScopeClaim> claims) => claims.Select(policy.Refusal).FirstOrDefault(r => r is not null);

    /// <summary>The source by whose scope it is held; null for none.</summary>
    private ScopeHolder? HolderOf(ObjectMeta metadata) =>
        metadata.Label(WellKnown.Labels.Source) is { } source ? _holders.GetValueOrDefault(source) : null;
}

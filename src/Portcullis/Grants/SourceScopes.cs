using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Kinds;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;
using Portcullis.Core.Sources;

namespace Portcullis.Grants;

/// <summary>
/// Holds every grant to the scope of the source that declared it, also after validation: a scope that was narrowed since, or a role that has
/// grown, takes effect at once; so do collections with the namespaces they claim. What no source declared, and what belongs to sources we do
/// not see, was written by a cluster administrator.
/// </summary>
internal sealed class SourceScopes(IEnumerable<GitSource> sources, string rootSource)
{
    private readonly Dictionary<string, ScopeHolder> _holders = sources.ToDictionary(
        s => s.Key.Name,
        s => new ScopeHolder(s.Key.Name, s.Key.Name == rootSource, s.Spec.Scope ?? new SourceScope(), s.Spec.Verify is not null),
        StringComparer.Ordinal);

    public bool Hold(Grant grant) => SourceOf(grant.Metadata) is not null;

    public string? Refusal(Grant grant, RoleBook roles) => SourceOf(grant.Metadata) is { } source
        ? First(new ScopePolicy(source, name => roles.Find(name)?.Role, name => roles.FindForeign(name, source.Source)), GrantClaims.Of(grant.Spec))
        : null;

    public string? Refusal(Collection collection, string @namespace) => SourceOf(collection.Metadata) is { } source
        ? First(
            new ScopePolicy(source, _ => null, _ => null),
            [new ScopeClaim.Collection("spec.path", collection.Spec.Path), new ScopeClaim.Namespace("spec.namespaces", @namespace)])
        : null;

    private static string? First(ScopePolicy policy, IEnumerable<ScopeClaim> claims) => claims.Select(policy.Refusal).FirstOrDefault(r => r is not null);

    /// <summary>The source by whose scope it is held; null for none.</summary>
    private ScopeHolder? SourceOf(ObjectMeta metadata) =>
        metadata.Label(WellKnown.Labels.Source) is { } source && _holders.GetValueOrDefault(source) is { IsRoot: false } holder ? holder : null;
}

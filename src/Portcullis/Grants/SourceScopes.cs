using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;

namespace Portcullis.Grants;

/// <summary>
/// Holds every grant to the scope of the source that declared it, also after validation: a scope that was narrowed since, or a role that has
/// grown, takes effect at once. Grants that no source declared, and those of sources we do not see, were written by a cluster administrator.
/// </summary>
internal sealed class SourceScopes(IEnumerable<GitSource> sources, string rootSource, RoleBook roles)
{
    private readonly Dictionary<string, SourceScope?> _scopes = sources.ToDictionary(s => s.Key.Name, s => s.Spec.Scope, StringComparer.Ordinal);

    public string? Refusal(Grant grant) =>
        grant.Metadata.Label(WellKnown.Labels.Source) is { } source && source != rootSource && _scopes.TryGetValue(source, out var scope)
            ? new GrantScope(scope, name => roles.Find(name)?.Role, name => roles.FindForeign(name, source)).Refusals(grant.Spec).Select(r => r.Message).FirstOrDefault()
            : null;
}

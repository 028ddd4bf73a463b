using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;

namespace Portcullis.Grants;

/// <summary>
/// Holds every grant to the scope of the source that declared it, also after validation: a scope that was narrowed since, or a role that has
/// grown, takes effect at once; so do collections with the namespaces they claim. What no source declared, and what belongs to sources we do
/// not see, was written by a cluster administrator.
/// </summary>
internal sealed class SourceScopes(IEnumerable<GitSource> sources, string rootSource)
{
    private readonly Dictionary<string, SourceScope?> _scopes = sources.ToDictionary(s => s.Key.Name, s => s.Spec.Scope, StringComparer.Ordinal);

    public bool Hold(Grant grant) => SourceOf(grant.Metadata) is not null;

    public string? Refusal(Grant grant, RoleBook roles) => SourceOf(grant.Metadata) is { } source
        ? new GrantScope(_scopes[source], name => roles.Find(name)?.Role, name => roles.FindForeign(name, source)).Refusals(grant.Spec).Select(r => r.Message).FirstOrDefault()
        : null;

    public string? Refusal(Collection collection, string @namespace)
    {
        if (SourceOf(collection.Metadata) is not { } source)
        {
            return null;
        }

        return GrantScope.Covers(_scopes[source], collection.Spec.Path)
            ? ScopeCheck.NamespaceRefusal(@namespace, _scopes[source] ?? new SourceScope())
            : $"the collection {collection.Spec.Path} is not in the source's scope.collections";
    }

    /// <summary>The source by whose scope it is held; null for none.</summary>
    private string? SourceOf(ObjectMeta metadata) =>
        metadata.Label(WellKnown.Labels.Source) is { } source && source != rootSource && _scopes.ContainsKey(source) ? source : null;
}

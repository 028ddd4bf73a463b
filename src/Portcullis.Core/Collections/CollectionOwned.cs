namespace Portcullis.Core.Collections;

/// <summary>
/// What belongs to collections on objects of any kind: whoever could write it would reach beyond a collection, or lift its guardrails. The one
/// list for scopes (what a source with a scope may not declare), for drift and for release.
/// </summary>
public static class CollectionOwned
{
    private const string PodSecurity = "pod-security.kubernetes.io";
    private const string Ucp = "com.docker.ucp.";
    private const string BindingPrefix = "portcullis:";

    /// <summary>Labels of ours, those that Pod Security enforcement reads, and UCP's.</summary>
    public static bool IsLabel(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var prefix = slash < 0 ? "" : key[..slash];
        return prefix == PodSecurity
            || prefix == WellKnown.Group
            || prefix.EndsWith($".{WellKnown.Group}", StringComparison.Ordinal)
            || key.StartsWith(Ucp, StringComparison.Ordinal);
    }

    /// <summary>Annotations by which a collection or a grant knows what is its own, and approvals. Others of ours are anybody's to set on their own objects.</summary>
    public static bool IsAnnotation(string key) =>
        key is WellKnown.Annotations.CreatedFor or WellKnown.Annotations.Grants or WellKnown.Annotations.Approve
        || key.StartsWith(Ucp, StringComparison.Ordinal);

    /// <summary>Objects that a collection or a grant makes, by their name.</summary>
    public static bool IsName(ApiResource resource, string name) =>
        (name == GuardrailObjects.Name && GuardrailObjects.Kinds.Any(k => k.Group == resource.Group && k.Kind == resource.Kind))
        || (resource.Group == ClusterKinds.RoleBinding.Group && name.StartsWith(BindingPrefix, StringComparison.Ordinal));
}

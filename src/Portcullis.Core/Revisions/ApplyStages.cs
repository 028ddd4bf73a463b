using System.Collections.Frozen;

namespace Portcullis.Core.Revisions;

/// <summary>The order in which a revision is applied: what others live in or are read by comes first.</summary>
public static class ApplyStages
{
    private const int FirstOfOurs = 10;
    private const int Rest = 1000;

    private static readonly FrozenDictionary<string, int> Ours =
        KindCatalog.Kinds.Select((k, i) => (k.Resource.Kind, Stage: FirstOfOurs + i)).ToFrozenDictionary(k => k.Kind, k => k.Stage, StringComparer.Ordinal);

    public static int Of(ApiResource resource) => Of(resource.Group, resource.Kind);

    public static int Of(string group, string name) => (group, name) switch
    {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => 0,
        ("", "Namespace") => 1,
        (WellKnown.Group, _) => Ours.GetValueOrDefault(name, Rest),
        ("rbac.authorization.k8s.io", "ClusterRole") or ("", "ServiceAccount") or ("", "Secret") or ("", "ConfigMap") => 2,
        _ => Rest,
    };
}

namespace Portcullis.Core.Revisions;

/// <summary>The order in which a revision is applied: what others live in or are read by comes first.</summary>
public static class ApplyStages
{
    private const int FirstOfOurs = 10;
    private const int Rest = 1000;

    public static int Of(ApiResource resource) => Of(resource.Group, resource.Kind);

    public static int Of(string group, string name)
    {
        for (var i = 0; i < KindCatalog.Kinds.Count; i++)
        {
            var kind = KindCatalog.Kinds[i].Resource;
            if (kind.Group == group && kind.Kind == name)
            {
                return FirstOfOurs + i;
            }
        }

        return (group, name) switch
        {
            ("apiextensions.k8s.io", "CustomResourceDefinition") => 0,
            ("", "Namespace") => 1,
            ("rbac.authorization.k8s.io", "ClusterRole") or ("", "ServiceAccount") or ("", "Secret") or ("", "ConfigMap") => 2,
            _ => Rest,
        };
    }
}

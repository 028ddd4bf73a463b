namespace Portcullis.ApiServer.Kinds;

/// <summary>The built-in kinds that admission and the controllers look up in the store.</summary>
internal static class PolicyKinds
{
    public static readonly ApiResource Namespace = new("", "v1", "Namespace", "namespaces", false);
    public static readonly ApiResource Pod = new("", "v1", "Pod", "pods", true);
    public static readonly ApiResource ServiceAccount = new("", "v1", "ServiceAccount", "serviceaccounts", true);
    public static readonly ApiResource ConfigMap = new("", "v1", "ConfigMap", "configmaps", true);
    public static readonly ApiResource LimitRange = new("", "v1", "LimitRange", "limitranges", true);
    public static readonly ApiResource ResourceQuota = new("", "v1", "ResourceQuota", "resourcequotas", true);
    public static readonly ApiResource Event = new("", "v1", "Event", "events", true);
    public static readonly ApiResource PriorityClass = new("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false);
}

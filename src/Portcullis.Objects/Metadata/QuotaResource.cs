namespace Portcullis.Objects;

/// <summary>Names that a ResourceQuota may bound (kubernetes pkg/apis/core/validation: ValidateResourceQuotaResourceName).</summary>
public static class QuotaResource
{
    /// <summary>Those without a slash; any name with one is a count, or a resource of some device or storage class.</summary>
    public static IReadOnlyList<string> Standard { get; } =
    [
        "configmaps", "cpu", "ephemeral-storage", "limits.cpu", "limits.ephemeral-storage", "limits.memory", "memory", "persistentvolumeclaims", "pods",
        "replicationcontrollers", "requests.cpu", "requests.ephemeral-storage", "requests.memory", "requests.storage", "resourcequotas", "secrets",
        "services", "services.loadbalancers", "services.nodeports",
    ];

    public static bool IsName(string name) =>
        name.Contains('/', StringComparison.Ordinal) || Standard.Contains(name, StringComparer.Ordinal)
        || name.StartsWith("hugepages-", StringComparison.Ordinal) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal);
}

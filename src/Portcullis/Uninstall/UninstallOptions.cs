namespace Portcullis.Uninstall;

/// <summary>What of the program's own objects is left in the cluster.</summary>
internal sealed record UninstallOptions
{
    /// <summary>RoleBindings of Grants and the ClusterRoles that they bind stay, as objects that nobody keeps any more.</summary>
    public bool KeepAccess { get; init; }

    /// <summary>Quotas, limits, network policies, and the labels of namespaces that they select by stay.</summary>
    public bool KeepGuardrails { get; init; }

    /// <summary>The namespace of the keys that sign trust data goes, also when there are keys in it.</summary>
    public bool DeleteTrustKeys { get; init; }

    /// <summary>How long to wait for one CRD or namespace to be gone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

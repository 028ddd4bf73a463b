namespace Portcullis.Core.Roles;

/// <summary>What a role became.</summary>
public sealed record AccessRoleStatus : DeclarableStatus
{
    public string? ClusterRole { get; init; }

    /// <summary>Rules of the ClusterRole.</summary>
    public int? Rules { get; init; }

    /// <summary>Pod options its holders may use, comma-separated; enforced by our admission webhook.</summary>
    public string? Options { get; init; }

    /// <summary>Operations that Kubernetes cannot express; they count for the registry and the Docker Engine only.</summary>
    [Items(100)]
    public IReadOnlyList<string>? OutsideKubernetes { get; init; }
}

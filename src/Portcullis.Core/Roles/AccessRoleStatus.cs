using System.ComponentModel;

namespace Portcullis.Core.Roles;

/// <summary>What a role became.</summary>
public sealed record AccessRoleStatus : DeclarableStatus
{
    [Description("The ClusterRole that holds the rules.")]
    public string? ClusterRole { get; init; }

    /// <summary>Rules of the ClusterRole.</summary>
    [Description("The number of rules in the ClusterRole.")]
    public int? Rules { get; init; }

    /// <summary>Pod options its holders may use, comma-separated; enforced by our admission webhook.</summary>
    [Description("Pod options that its holders may use, comma-separated; admission enforces them.")]
    public string? Options { get; init; }

    /// <summary>Operations that Kubernetes cannot express; they count for the registry and the Docker Engine only.</summary>
    [Items(100)]
    [Description("Operations that have no effect in Kubernetes; the Engine's front and the registry use them.")]
    public IReadOnlyList<string>? OutsideKubernetes { get; init; }
}

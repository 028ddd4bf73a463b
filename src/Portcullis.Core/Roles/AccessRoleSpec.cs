using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Roles;

/// <summary>What the holders of a role may do, as Docker operations, as Kubernetes verbs, or both.</summary>
public sealed record AccessRoleSpec : ISuspendable
{
    [Description("Pauses new work and drift correction while true.")]
    public bool? Suspend { get; init; }

    [Description("Docker-style operations such as Container View or Service Create, with the options they may use.")]
    [ListMap("name")]
    [Items(100)]
    public IReadOnlyList<RoleOperation>? Operations { get; init; }

    [Description("Kubernetes verbs on namespaced resources. No wildcards; never RBAC, guardrails, namespaces or nodes/proxy.")]
    [Items(100)]
    public IReadOnlyList<RoleRule>? Rules { get; init; }
}

/// <summary>One operation of the list in docs/access.md.</summary>
public sealed record RoleOperation
{
    [Description("The operation with its category first, as UCP writes it: Container Logs.")]
    [StringLength(63, MinimumLength = 1)]
    public required string Name { get; init; }

    [Description("Options that the operation may use: Privileged, Host Bind Mounts, Host Networking Mode …")]
    [ListMap]
    [Items(20)]
    public IReadOnlyList<string>? Options { get; init; }
}

/// <summary>One rule of the ClusterRole (rbac/v1 PolicyRule without nonResourceURLs).</summary>
public sealed record RoleRule
{
    [Description("API groups; the empty string is the core group.")]
    [ListMap]
    [Items(20, Minimum = 1)]
    public required IReadOnlyList<string> ApiGroups { get; init; }

    [Description("Plural names, with a subresource after a slash: pods/log.")]
    [ListMap]
    [Items(50, Minimum = 1)]
    public required IReadOnlyList<string> Resources { get; init; }

    [Description("get, list, watch, create, update, patch, delete, deletecollection.")]
    [ListMap]
    [Items(20, Minimum = 1)]
    public required IReadOnlyList<string> Verbs { get; init; }

    [Description("Only objects with these names.")]
    [ListMap]
    [Items(100)]
    public IReadOnlyList<string>? ResourceNames { get; init; }
}

namespace Portcullis.Core.Roles;

/// <summary>
/// One operation of UCP and what it means in Kubernetes. Without rules Kubernetes cannot express it: <see cref="Why"/> says why, and it
/// counts for the registry and the Docker Engine only.
/// </summary>
public sealed record DockerOperation(string Name, IReadOnlyList<RoleRule> Rules)
{
    /// <summary>The options it knows.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public string? Why { get; init; }
}

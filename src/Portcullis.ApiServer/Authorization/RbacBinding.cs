using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authorization;

/// <summary>One RoleBinding or ClusterRoleBinding, read. <see cref="ObjectKey.Namespace"/> is empty for the latter.</summary>
internal sealed record RbacBinding(ObjectKey Key, string RoleKind, string RoleName, IReadOnlyList<BindingSubject> Subjects)
{
    public bool IsCluster => Key.Namespace.Length == 0;

    /// <summary>Where the role is: empty for a ClusterRole.</summary>
    public ObjectKey RoleKey => RoleKind == "ClusterRole" ? ObjectKey.Cluster(RoleName) : new ObjectKey(Key.Namespace, RoleName);

    public static RbacBinding Parse(ObjectKey key, JsonObject binding)
    {
        var role = binding.Object("roleRef");
        var subjects = new List<BindingSubject>();
        foreach (var subject in binding.Array("subjects") ?? [])
        {
            if (BindingSubject.Parse(subject, key.Namespace) is { } parsed)
            {
                subjects.Add(parsed);
            }
        }

        return new RbacBinding(key, role.String("kind") ?? "", role.String("name") ?? "", subjects);
    }

    public string ReasonFor(BindingSubject subject) => IsCluster
        ? $"RBAC: allowed by ClusterRoleBinding \"{Key.Name}\" of {RoleKind} \"{RoleName}\" to {subject}"
        : $"RBAC: allowed by RoleBinding \"{Key.Name}/{Key.Namespace}\" of {RoleKind} \"{RoleName}\" to {subject}";
}

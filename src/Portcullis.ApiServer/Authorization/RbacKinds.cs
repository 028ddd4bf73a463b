namespace Portcullis.ApiServer.Authorization;

/// <summary>The four kinds that the authorizer reads, and a few others that policy needs to name.</summary>
internal static class RbacKinds
{
    public const string GroupName = "rbac.authorization.k8s.io";

    public static readonly ApiResource Role = new(GroupName, "v1", "Role", "roles", true);

    public static readonly ApiResource ClusterRole = new(GroupName, "v1", "ClusterRole", "clusterroles", false);

    public static readonly ApiResource RoleBinding = new(GroupName, "v1", "RoleBinding", "rolebindings", true);

    public static readonly ApiResource ClusterRoleBinding = new(GroupName, "v1", "ClusterRoleBinding", "clusterrolebindings", false);

    public static bool IsRole(ApiResource resource) => resource.Group == GroupName && resource.Plural is "roles" or "clusterroles";

    public static bool IsBinding(ApiResource resource) =>
        resource.Group == GroupName && resource.Plural is "rolebindings" or "clusterrolebindings";
}

using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects;

namespace Portcullis.ApiServer.Tests.Authorization;

/// <summary>A store with the bootstrap policy, and the authorizer that follows it.</summary>
internal sealed class RbacWorld
{
    public RbacWorld()
    {
        foreach (var role in BootstrapPolicy.Roles)
        {
            _ = Store.Put(RbacKinds.ClusterRole, role.ToJson());
        }

        foreach (var binding in BootstrapPolicy.Bindings)
        {
            _ = Store.Put(RbacKinds.ClusterRoleBinding, binding.ToJson());
        }

        Index = RbacIndex.Of(Store);
        Authorizer = new RbacAuthorizer(Index);
    }

    public MemoryObjectStore Store { get; } = new();

    public RbacIndex Index { get; }

    public RbacAuthorizer Authorizer { get; }

    public RbacWorld Role(string @namespace, string name, params PolicyRule[] rules)
    {
        _ = Store.Put(
            @namespace.Length == 0 ? RbacKinds.ClusterRole : RbacKinds.Role,
            new JsonObject
            {
                ["kind"] = @namespace.Length == 0 ? "ClusterRole" : "Role",
                ["metadata"] = Metadata(@namespace, name),
                ["rules"] = new JsonArray([.. rules.Select(rule => (JsonNode)rule.ToJson())]),
            });
        return this;
    }

    public RbacWorld Bind(string @namespace, string name, string roleKind, string role, params BindingSubject[] subjects)
    {
        _ = Store.Put(@namespace.Length == 0 ? RbacKinds.ClusterRoleBinding : RbacKinds.RoleBinding, Binding(@namespace, name, roleKind, role, subjects));
        return this;
    }

    public bool Can(UserInfo user, string verb, ApiResource resource, string @namespace, string name = "") =>
        Authorizer.Authorize(user, Requests.Attributes(verb, resource, @namespace, name)).Allowed;

    public static BindingSubject User(string name) => new(BindingSubject.User, "", name);

    public static BindingSubject Group(string name) => new(BindingSubject.Group, "", name);

    public static PolicyRule Rule(string verbs, string group, string resources, params string[] names) =>
        new() { Verbs = verbs.Split(' '), ApiGroups = [group], Resources = resources.Split(' '), ResourceNames = names };

    public static JsonObject Binding(string @namespace, string name, string roleKind, string role, params BindingSubject[] subjects) => new()
    {
        ["kind"] = @namespace.Length == 0 ? "ClusterRoleBinding" : "RoleBinding",
        ["metadata"] = Metadata(@namespace, name),
        ["roleRef"] = new JsonObject { ["apiGroup"] = RbacKinds.GroupName, ["kind"] = roleKind, ["name"] = role },
        ["subjects"] = new JsonArray([.. subjects.Select(subject => (JsonNode)new JsonObject
        {
            ["kind"] = subject.Kind,
            ["name"] = subject.Name,
            ["namespace"] = subject.Namespace,
        })]),
    };

    private static JsonObject Metadata(string @namespace, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace.Length > 0)
        {
            metadata["namespace"] = @namespace;
        }

        return metadata;
    }
}

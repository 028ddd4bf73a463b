using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authorization;

/// <summary>Whom a binding names. A ServiceAccount is known to requests as the user <c>system:serviceaccount:namespace:name</c>.</summary>
internal readonly record struct BindingSubject(string Kind, string Namespace, string Name)
{
    public const string User = "User";
    public const string Group = "Group";
    public const string ServiceAccount = "ServiceAccount";

    public bool IsGroup => Kind == Group;

    /// <summary>The user or group name that a request must carry.</summary>
    public string RequestName => Kind == ServiceAccount ? WellKnownUsers.ServiceAccount(Namespace, Name) : Name;

    /// <summary>Null for kinds that RBAC does not know: they match nobody.</summary>
    public static BindingSubject? Parse(JsonNode? subject, string bindingNamespace)
    {
        var name = subject.String("name") ?? "";
        return subject.String("kind") switch
        {
            User => new BindingSubject(User, "", name),
            Group => new BindingSubject(Group, "", name),
            ServiceAccount => new BindingSubject(ServiceAccount, subject.String("namespace") is { Length: > 0 } own ? own : bindingNamespace, name),
            _ => null,
        };
    }

    /// <summary>As reasons name it: <c>User "ann"</c>, <c>ServiceAccount "bot/case"</c>.</summary>
    public override string ToString() => Kind == ServiceAccount ? $"{Kind} \"{Name}/{Namespace}\"" : $"{Kind} \"{Name}\"";
}

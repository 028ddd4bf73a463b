using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;

namespace Portcullis.ApiServer.Authorization;

/// <summary>Whom a request asks to be taken for (the Impersonate-* headers).</summary>
internal sealed record ImpersonationRequest(string User)
{
    public string Uid { get; init; } = "";

    public IReadOnlyList<string> Groups { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    public const string UserHeader = "Impersonate-User";
    public const string UidHeader = "Impersonate-Uid";
    public const string GroupHeader = "Impersonate-Group";
    public const string ExtraPrefix = "Impersonate-Extra-";

    /// <summary>Null when no header asks for anything.</summary>
    public static ImpersonationRequest? Read(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> headers)
    {
        string? user = null, uid = null;
        List<string> groups = [];
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in headers)
        {
            if (name.Equals(UserHeader, StringComparison.OrdinalIgnoreCase))
            {
                user = values.ToString();
            }
            else if (name.Equals(UidHeader, StringComparison.OrdinalIgnoreCase))
            {
                uid = values.ToString();
            }
            else if (name.Equals(GroupHeader, StringComparison.OrdinalIgnoreCase))
            {
                groups.AddRange(values.OfType<string>());
            }
            else if (name.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase))
            {
                // Keys are lower-cased and percent-decoded, so that any key can be sent in a header name.
                extra[Uri.UnescapeDataString(name[ExtraPrefix.Length..].ToLowerInvariant())] = [.. values.OfType<string>()];
            }
        }

        return string.IsNullOrEmpty(user) && string.IsNullOrEmpty(uid) && groups.Count == 0 && extra.Count == 0
            ? null
            : new ImpersonationRequest(user ?? "") { Uid = uid ?? "", Groups = groups, Extra = extra };
    }
}

/// <summary>
/// Lets a user act as another, each part of the other identity authorised by the verb <c>impersonate</c>
/// (https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/).
/// </summary>
internal sealed class Impersonator(RbacAuthorizer authorizer)
{
    private const string AuthenticationGroup = "authentication.k8s.io";

    /// <summary>The user to go on with; throws 403 naming the first part that is not allowed.</summary>
    public UserInfo Resolve(UserInfo requester, ImpersonationRequest wanted)
    {
        if (wanted.User.Length == 0)
        {
            throw StatusException.Internal("requested impersonation of groups, uid or extra without impersonating a user");
        }

        var account = WellKnownUsers.ServiceAccountKey(wanted.User);
        Check(requester, account is { } key ? Ask("", "serviceaccounts", key.Name) with { Namespace = key.Namespace } : Ask("", "users", wanted.User));
        foreach (var group in wanted.Groups)
        {
            Check(requester, Ask("", "groups", group));
        }

        foreach (var (name, values) in wanted.Extra)
        {
            foreach (var value in values)
            {
                Check(requester, Ask(AuthenticationGroup, "userextras", value) with { Subresource = name });
            }
        }

        if (wanted.Uid.Length > 0)
        {
            Check(requester, Ask(AuthenticationGroup, "uids", wanted.Uid));
        }

        var user = new UserInfo(wanted.User, GroupsOf(wanted, account)) { Extra = wanted.Extra };
        return wanted.Uid.Length > 0 ? user with { Uid = wanted.Uid } : user;
    }

    private static IReadOnlyList<string> GroupsOf(ImpersonationRequest wanted, ObjectKey? account)
    {
        var groups = wanted.Groups.Count == 0 && account is { } key ? WellKnownUsers.ServiceAccountGroups(key.Namespace) : wanted.Groups;
        var membership = wanted.User == WellKnownUsers.Anonymous ? WellKnownUsers.Unauthenticated : WellKnownUsers.Authenticated;
        return groups.Contains(WellKnownUsers.Authenticated, StringComparer.Ordinal) || groups.Contains(WellKnownUsers.Unauthenticated, StringComparer.Ordinal)
            ? groups
            : [.. groups, membership];
    }

    private void Check(UserInfo requester, RequestAttributes attributes)
    {
        var decision = authorizer.Authorize(requester, attributes);
        if (!decision.Allowed)
        {
            throw ForbiddenMessage.Refusal(requester, attributes, decision.Reason);
        }
    }

    private static RequestAttributes Ask(string group, string resource, string name) => new()
    {
        Verb = "impersonate",
        Path = "",
        IsResourceRequest = true,
        Group = group,
        Version = "v1",
        Resource = resource,
        Name = name,
    };
}

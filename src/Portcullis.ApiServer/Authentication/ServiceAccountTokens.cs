using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authentication;

/// <summary>
/// Issues and verifies ServiceAccount tokens. A token is good while its time runs and its account, and the Pod, Secret or
/// Node that it is bound to, still exist with the uids that it names.
/// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
/// </summary>
internal sealed class ServiceAccountTokens(ServiceAccountKey key, IObjectStore store, TimeProvider time) : ITokenAuthenticator
{
    private const string ExtraPrefix = "authentication.kubernetes.io/";

    public static readonly ApiResource AccountKind = new("", "v1", "ServiceAccount", "serviceaccounts", true);

    private static readonly ApiResource PodKind = new("", "v1", "Pod", "pods", true);
    private static readonly ApiResource SecretKind = new("", "v1", "Secret", "secrets", true);
    private static readonly ApiResource NodeKind = new("", "v1", "Node", "nodes", false);

    public string Issue(ServiceAccountClaims claims) => key.Sign(claims.ToJson(TokenAuthenticators.ApiAudience));

    public TokenAnswer Authenticate(string token, IReadOnlyList<string> audiences)
    {
        if (key.Read(token) is not { } json || ServiceAccountClaims.Parse(json) is not { } claims)
        {
            return TokenAnswer.Unknown;
        }

        var shared = claims.Audiences.Intersect(audiences, StringComparer.Ordinal).ToList();
        if (shared.Count == 0)
        {
            return TokenAnswer.Refused(
                $"token audiences {List(claims.Audiences)} is invalid for the target audiences {List(audiences)}");
        }

        return Problem(claims) is { } problem
            ? TokenAnswer.Refused(problem)
            : new TokenAnswer(UserOf(claims), shared, null);
    }

    private string? Problem(ServiceAccountClaims claims)
    {
        var now = time.GetUtcNow();
        if (now >= claims.ExpiresAt)
        {
            return "service account token has expired";
        }

        // A clock that was set back a little must not refuse what it has just issued.
        if (now < claims.IssuedAt - TimeSpan.FromMinutes(1))
        {
            return "service account token is not valid yet";
        }

        if (UidOf(AccountKind, new ObjectKey(claims.Namespace, claims.Account.Name)) is not { } uid)
        {
            return $"serviceaccounts \"{claims.Account.Name}\" not found";
        }

        if (uid != claims.Account.Uid)
        {
            return $"service account UID ({uid}) does not match claim ({claims.Account.Uid})";
        }

        return Lives(SecretKind, claims.Namespace, claims.Secret) && Lives(PodKind, claims.Namespace, claims.Pod) && Lives(NodeKind, "", claims.Node)
            ? null
            : "service account token has been invalidated";
    }

    private bool Lives(ApiResource kind, string @namespace, TokenBinding? binding) =>
        binding is null || UidOf(kind, new ObjectKey(@namespace, binding.Name)) == binding.Uid;

    private string? UidOf(ApiResource kind, ObjectKey key) => store.Get(kind, key)?.Object.Object("metadata").String("uid");

    private static UserInfo UserOf(ServiceAccountClaims claims)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            [$"{ExtraPrefix}credential-id"] = [$"JTI={claims.Id}"],
        };
        AddBinding(extra, "pod", claims.Pod);
        AddBinding(extra, "node", claims.Node);
        return new UserInfo(
            WellKnownUsers.ServiceAccount(claims.Namespace, claims.Account.Name),
            WellKnownUsers.ServiceAccountGroups(claims.Namespace))
        {
            Uid = claims.Account.Uid,
            Extra = extra,
        };
    }

    private static void AddBinding(Dictionary<string, IReadOnlyList<string>> extra, string kind, TokenBinding? binding)
    {
        if (binding is not null)
        {
            extra[$"{ExtraPrefix}{kind}-name"] = [binding.Name];
            extra[$"{ExtraPrefix}{kind}-uid"] = [binding.Uid];
        }
    }

    private static string List(IReadOnlyList<string> values) =>
        KubernetesJson.ToText(KubernetesJson.ToArray(values)).Replace("\",\"", "\" \"", StringComparison.Ordinal);
}

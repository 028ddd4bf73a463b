using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Reviews;

/// <summary>
/// A token for a ServiceAccount (<c>kubectl create token</c>), for the audiences and the time asked, bound to a Pod, Secret or Node
/// when one is named.
/// </summary>
internal sealed class TokenRequest(ServiceAccountTokens tokens, IObjectStore store, TimeProvider time) : IVirtualResource
{
    private const string Group = "authentication.k8s.io";
    private const long DefaultSeconds = 3600;
    private const long MinimumSeconds = 600;
    private const long MaximumSeconds = 1L << 32;

    public ApiResource Resource { get; } = new(Group, "v1", "TokenRequest", "serviceaccounts/token", true);

    public Task<JsonObject> CreateAsync(UserInfo user, RequestAttributes attributes, JsonObject body, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(attributes.Namespace, attributes.Name);
        if (store.Get(ServiceAccountTokens.AccountKind, key) is not { } account)
        {
            throw StatusException.NotFound(ServiceAccountTokens.AccountKind, key.Name);
        }

        var spec = ReviewAnswer.Spec(body);
        var seconds = Seconds(spec);
        var audiences = spec.Strings("audiences") is { Count: > 0 } asked ? asked : [TokenAuthenticators.ApiAudience];
        var now = time.GetUtcNow();
        var claims = Bind(spec.Object("boundObjectRef"), new ServiceAccountClaims
        {
            Namespace = key.Namespace,
            Account = new TokenBinding(key.Name, UidOf(account)),
            Audiences = audiences,
            IssuedAt = now,
            ExpiresAt = now.AddSeconds(seconds),
            Id = Guid.NewGuid().ToString(),
        });

        return Task.FromResult(ReviewAnswer.Of(
            Resource,
            Metadata(body, claims, now),
            new JsonObject
            {
                ["audiences"] = KubernetesJson.ToArray(audiences),
                ["expirationSeconds"] = seconds,
                ["boundObjectRef"] = spec["boundObjectRef"]?.DeepClone(),
            },
            new JsonObject { ["token"] = tokens.Issue(claims), ["expirationTimestamp"] = KubernetesJson.Time(claims.ExpiresAt) }));
    }

    private static JsonObject Metadata(JsonObject body, ServiceAccountClaims claims, DateTimeOffset now)
    {
        var metadata = new JsonObject
        {
            ["name"] = claims.Account.Name,
            ["namespace"] = claims.Namespace,
            ["uid"] = claims.Account.Uid,
            ["creationTimestamp"] = KubernetesJson.Time(now),
        };
        if (body.Object("metadata").Array("managedFields") is { } managers)
        {
            metadata["managedFields"] = managers.DeepClone();
        }

        return metadata;
    }

    private static long Seconds(JsonObject spec)
    {
        var seconds = spec.Long("expirationSeconds") ?? DefaultSeconds;
        var problem = seconds switch
        {
            < MinimumSeconds => "may not specify a duration less than 10 minutes",
            > MaximumSeconds => "may not specify a duration larger than 2^32 seconds",
            _ => null,
        };
        return problem is null
            ? seconds
            : throw StatusException.Invalid(Group, "TokenRequest", "", [new FieldError(
                "FieldValueInvalid", "spec.expirationSeconds", $"Invalid value: {seconds}: {problem}")]);
    }

    private ServiceAccountClaims Bind(JsonObject? reference, ServiceAccountClaims claims)
    {
        if (reference is null)
        {
            return claims;
        }

        var kind = reference.String("kind") ?? "";
        var name = reference.String("name") ?? "";
        switch (kind)
        {
            case "Pod" when reference.String("apiVersion") == "v1":
                var pod = Find(new ApiResource("", "v1", "Pod", "pods", true), new ObjectKey(claims.Namespace, name), reference);
                if ((pod.Object.Object("spec").String("serviceAccountName") ?? "") != claims.Account.Name)
                {
                    throw StatusException.BadRequest(
                        $"cannot bind token for serviceaccount \"{claims.Account.Name}\" to pod running with different serviceaccount name.");
                }

                return claims with { Pod = new TokenBinding(name, UidOf(pod)) };
            case "Secret" when reference.String("apiVersion") == "v1":
                var secret = Find(new ApiResource("", "v1", "Secret", "secrets", true), new ObjectKey(claims.Namespace, name), reference);
                return claims with { Secret = new TokenBinding(name, UidOf(secret)) };
            case "Node" when reference.String("apiVersion") == "v1":
                var node = Find(new ApiResource("", "v1", "Node", "nodes", false), ObjectKey.Cluster(name), reference);
                return claims with { Node = new TokenBinding(name, UidOf(node)) };
            default:
                throw StatusException.BadRequest($"cannot bind token to object of type {reference.String("apiVersion")}, Kind={kind}");
        }
    }

    private StoredObject Find(ApiResource kind, ObjectKey key, JsonObject reference)
    {
        var found = store.Get(kind, key) ?? throw StatusException.NotFound(kind, key.Name);
        var wanted = reference.String("uid") ?? "";
        return wanted.Length == 0 || wanted == UidOf(found)
            ? found
            : throw StatusException.Conflict(
                kind,
                key.Name,
                $"the UID in the bound object reference ({wanted}) does not match the UID in record. " +
                "The object might have been deleted and then recreated");
    }

    private static string UidOf(StoredObject stored) => stored.Object.Object("metadata").String("uid") ?? "";
}

using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authentication;

/// <summary>An object that a token names by name and uid; the token dies with it.</summary>
internal sealed record TokenBinding(string Name, string Uid)
{
    public static TokenBinding? Parse(JsonNode? node) =>
        node is JsonObject ? new TokenBinding(node.String("name") ?? "", node.String("uid") ?? "") : null;

    public JsonObject ToJson() => new() { ["name"] = Name, ["uid"] = Uid };
}

/// <summary>The claims of a ServiceAccount token, as kubernetes pkg/serviceaccount writes them.</summary>
internal sealed record ServiceAccountClaims
{
    public required string Namespace { get; init; }

    public required TokenBinding Account { get; init; }

    public TokenBinding? Pod { get; init; }

    public TokenBinding? Secret { get; init; }

    public TokenBinding? Node { get; init; }

    public required IReadOnlyList<string> Audiences { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Id { get; init; }

    public JsonObject ToJson(string issuer)
    {
        var kubernetes = new JsonObject { ["namespace"] = Namespace };
        Add(kubernetes, "node", Node);
        Add(kubernetes, "pod", Pod);
        Add(kubernetes, "secret", Secret);
        kubernetes["serviceaccount"] = Account.ToJson();
        return new JsonObject
        {
            ["aud"] = KubernetesJson.ToArray(Audiences),
            ["exp"] = ExpiresAt.ToUnixTimeSeconds(),
            ["iat"] = IssuedAt.ToUnixTimeSeconds(),
            ["iss"] = issuer,
            ["jti"] = Id,
            ["kubernetes.io"] = kubernetes,
            ["nbf"] = IssuedAt.ToUnixTimeSeconds(),
            ["sub"] = WellKnownUsers.ServiceAccount(Namespace, Account.Name),
        };
    }

    /// <summary>Null when a claim that must be there is not.</summary>
    public static ServiceAccountClaims? Parse(JsonObject claims)
    {
        var kubernetes = claims.Object("kubernetes.io");
        if (kubernetes.String("namespace") is not { } @namespace || TokenBinding.Parse(kubernetes.Object("serviceaccount")) is not { } account ||
            claims.Long("exp") is not { } expires || claims.Long("iat") is not { } issued)
        {
            return null;
        }

        return new ServiceAccountClaims
        {
            Namespace = @namespace,
            Account = account,
            Pod = TokenBinding.Parse(kubernetes.Object("pod")),
            Secret = TokenBinding.Parse(kubernetes.Object("secret")),
            Node = TokenBinding.Parse(kubernetes.Object("node")),
            Audiences = claims.Strings("aud"),
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(issued),
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(expires),
            Id = claims.String("jti") ?? "",
        };
    }

    private static void Add(JsonObject claims, string name, TokenBinding? binding)
    {
        if (binding is not null)
        {
            claims[name] = binding.ToJson();
        }
    }
}

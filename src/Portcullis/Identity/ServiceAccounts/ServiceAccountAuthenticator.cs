using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Identity.Logins;
using Portcullis.Identity.Stored;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Identity.ServiceAccounts;

/// <summary>
/// Tokens of the cluster's ServiceAccounts in the place of a password: the API server is asked whether one is good for our audience. The name that is
/// given with it does not matter.
/// </summary>
internal sealed class ServiceAccountAuthenticator(Providers providers, KubernetesClient client) : IAuthenticator
{
    private const string Path = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const string Prefix = "system:serviceaccount:";

    /// <summary>The token of a deleted pod or ServiceAccount counts for no longer than this.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(1);

    public GuessBound Bound => GuessBound.Address;

    public async ValueTask<LoginVerdict> AuthenticateAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        if (ClaimsOf(attempt.Password) is not { } claims || ProviderFor(claims) is not { } provider)
        {
            return LoginVerdict.NotMine.Instance;
        }

        var audience = provider.Spec.ServiceAccountTokens!.Audience;
        try
        {
            var review = new JsonObject
            {
                ["apiVersion"] = "authentication.k8s.io/v1",
                ["kind"] = "TokenReview",
                ["spec"] = new JsonObject { ["token"] = attempt.Password, ["audiences"] = new JsonArray((JsonNode)audience) },
            };
            var verdict = Verdict((await client.PostAsync(Path, review, cancellationToken)).Object("status"), audience, claims.ValidTo);
            return verdict is LoginVerdict.Authenticated accepted ? accepted with { StillHolds = () => providers.StillHas(provider) } : verdict;
        }
        catch (Exception e) when (e is HttpRequestException or KubernetesApiException)
        {
            return new LoginVerdict.Unknown($"the API server cannot be asked about the token: {e.Message}");
        }
    }

    /// <summary>A server that does not know audiences answers without them: then it is not said for whom the token is.</summary>
    private static LoginVerdict Verdict(JsonObject? status, string audience, DateTime validTo)
    {
        if (status?["authenticated"]?.GetValue<bool>() != true)
        {
            return new LoginVerdict.Refused($"the API server does not accept the token: {status.String("error") ?? "no reason given"}");
        }

        if (status["audiences"] is not JsonArray audiences || !audiences.Any(a => a?.GetValue<string>() == audience))
        {
            return new LoginVerdict.Refused($"the API server does not say that the token is for {audience}");
        }

        return status.Object("user").String("username") is { } user && user.StartsWith(Prefix, StringComparison.Ordinal)
            ? new LoginVerdict.Authenticated(new GatewayCaller
            {
                User = new AccessUser(user),
                Method = LoginMethod.ServiceAccount,
                ExpiresAt = new DateTimeOffset(validTo, TimeSpan.Zero),
            })
            {
                KeepFor = KeepFor,
            }
            : new LoginVerdict.Refused("the token is not that of a ServiceAccount");
    }

    /// <summary>What the token says of itself, which is believed only so far as to whom it is shown.</summary>
    private static JsonWebToken? ClaimsOf(string password)
    {
        if (!TokenShape.IsJsonWebToken(password))
        {
            return null;
        }

        try
        {
            var token = new JsonWebToken(password);
            return token.Subject?.StartsWith(Prefix, StringComparison.Ordinal) == true ? token : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private IdentityProvider? ProviderFor(JsonWebToken token) =>
        providers.All().FirstOrDefault(p => p.Spec.ServiceAccountTokens is { } tokens && token.Audiences.Contains(tokens.Audience));
}

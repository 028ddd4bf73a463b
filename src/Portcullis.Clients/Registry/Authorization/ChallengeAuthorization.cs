using System.Net.Http.Headers;

namespace Portcullis.Clients.Registry.Authorization;

/// <summary>
/// Authorises as the registry's own challenges ask: with a password (Basic), or with tokens of the token server that it names (Bearer). The first
/// challenge is remembered, so that later requests bring their token along.
/// </summary>
internal sealed class ChallengeAuthorization(RealmRule realms, TokenServer server, TokenCache tokens, RegistryCredential? credential) : IRegistryAuthorization
{
    private const string Bearer = "Bearer";
    private const string BasicScheme = "Basic";
    private volatile AuthChallenge? _known;

    public async ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(RegistryAccess access, CancellationToken cancellationToken) => _known switch
    {
        null => null,
        var basic when basic.Is(BasicScheme) => BasicHeader.Of(credential),
        var bearer => await BearerAsync(bearer, access, null, cancellationToken),
    };

    public async ValueTask<AuthenticationHeaderValue?> AnswerAsync(
        RegistryAccess access, IReadOnlyList<AuthChallenge> challenges, AuthenticationHeaderValue? rejected, CancellationToken cancellationToken)
    {
        // A token is worth less to who steals it than a password.
        if (challenges.FirstOrDefault(c => c.Is(Bearer)) is { } bearer)
        {
            _known = bearer;
            return await BearerAsync(bearer, access, rejected, cancellationToken);
        }

        if (challenges.FirstOrDefault(c => c.Is(BasicScheme)) is not { } basic || BasicHeader.Of(credential) is not { } header || header.Equals(rejected))
        {
            return null;
        }

        _known = basic;
        return header;
    }

    private async ValueTask<AuthenticationHeaderValue?> BearerAsync(
        AuthChallenge challenge, RegistryAccess access, AuthenticationHeaderValue? rejected, CancellationToken cancellationToken)
    {
        var realm = realms.Check(challenge.Parameter("realm"));
        var token = await tokens.GetAsync(
            access,
            rejected?.Scheme == Bearer ? rejected.Parameter : null,
            c => server.FetchAsync(realm, challenge.Parameter("service"), access, c),
            cancellationToken);
        return new AuthenticationHeaderValue(Bearer, token);
    }
}

using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Identity.Logins;
using Portcullis.Identity.Stored;

namespace Portcullis.Identity.AccessTokens;

/// <summary>Personal access tokens in the place of a password.</summary>
internal sealed class AccessTokenAuthenticator(KnownAccessTokens tokens) : IAuthenticator
{
    public GuessBound Bound => GuessBound.None;

    public ValueTask<LoginVerdict> AuthenticateAsync(LoginAttempt attempt, CancellationToken cancellationToken) => ValueTask.FromResult(Authenticate(attempt));

    private LoginVerdict Authenticate(LoginAttempt attempt)
    {
        if (!AccessTokenText.IsMeant(attempt.Password))
        {
            return LoginVerdict.NotMine.Instance;
        }

        if (!AccessTokenText.TryGetName(attempt.Password, out var name) || tokens.Find(name) is not { } record)
        {
            return new LoginVerdict.Refused("there is no such access token, or it has expired");
        }

        if (!AccessTokenText.Matches(attempt.Password, record.Digest))
        {
            return new LoginVerdict.Refused($"wrong access token {name}");
        }

        return record.User != attempt.User
            ? new LoginVerdict.Refused($"the access token {name} is another user's")
            : new LoginVerdict.Authenticated(new GatewayCaller
            {
                User = new AccessUser(record.User),
                Method = LoginMethod.AccessToken,
                Limit = record.Limit,
                ExpiresAt = record.ExpiresAt,
            })
            {
                StillHolds = () => tokens.Find(name) is { } now && ReferenceEquals(now, record),
                Proof = LoginProofs.FingerprintOf(record),
            };
    }
}

using Portcullis.Core.Access;
using Portcullis.Core.Identity;

namespace Portcullis.Identity.Stored;

/// <summary>
/// What refresh tokens refer to. A refresh token counts for as long as this is unchanged, so that nothing has to be kept for each of them: a new hash,
/// be it of the same password, and a deleted access token end all that were given out.
/// </summary>
internal sealed class LoginProofs(OrganizationPasswords passwords, KnownAccessTokens tokens)
{
    /// <summary>The caller whom a refresh token stands for; null when what it refers to is there no longer.</summary>
    public GatewayCaller? CallerOf(string user, LoginMethod method, string? accessToken, string proof) => method switch
    {
        LoginMethod.Password when passwords.HashOf(user) is { } hash && OrganizationPasswords.FingerprintOf(hash) == proof =>
            new GatewayCaller { User = new AccessUser(user), Method = method },
        LoginMethod.AccessToken when accessToken is not null && tokens.Find(accessToken) is { } record && record.User == user && FingerprintOf(record) == proof =>
            new GatewayCaller { User = new AccessUser(user), Method = method, Limit = record.Limit, ExpiresAt = record.ExpiresAt },
        _ => null,
    };

    public static string FingerprintOf(AccessTokenRecord record) => record.Digest[..32];
}

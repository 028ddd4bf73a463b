using Portcullis.Core.Identity;
using Portcullis.Identity.Stored;
using Portcullis.Tokens;

namespace Portcullis.TokenService;

/// <summary>Reads the tokens that clients keep instead of a password.</summary>
internal sealed class RefreshTokens(IGatewayKeys keys, TokenVerifier verifier, LoginProofs proofs)
{
    /// <summary>Who shows it; null with the reason when it does not count.</summary>
    public GatewayCaller? Redeem(string token, string host, out string? proof, out string reason)
    {
        proof = null;
        if (keys.Keys is not { } current || verifier.Read(token, current) is not { } claims)
        {
            reason = "it is not signed by this gateway";
            return null;
        }

        if (verifier.Refusal(claims, TokenIssue.RefreshAudienceOf(host)) is { } refusal)
        {
            reason = refusal;
            return null;
        }

        reason = $"the password or access token of {claims.Subject} has changed";
        proof = claims.Proof;
        return claims is { Proof: { } shown, Login: { } method } ? proofs.CallerOf(claims.Subject, method, claims.AccessToken, shown) : null;
    }
}

using System.Security.Cryptography;
using Portcullis.Core.Identity;

namespace Portcullis.Tokens;

/// <summary>What the tokens for clients are like. They are for the gateway alone: no registry behind it accepts them.</summary>
internal static class TokenIssue
{
    public const string Issuer = "portcullis-gateway";

    /// <summary>Longer ones are not read.</summary>
    public const int LongestToken = 32 * 1024;

    /// <summary>The token specification lets a client count on 60 seconds; docker repeats the request when one has expired.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(300);

    /// <summary>How long a refresh token may be used.</summary>
    public static readonly TimeSpan RefreshLife = TimeSpan.FromDays(30);

    /// <summary>Of tokens for requests to the gateway under this host.</summary>
    public static string AudienceOf(string host) => host;

    /// <summary>Of tokens that only the token service takes.</summary>
    public static string RefreshAudienceOf(string host) => $"{host}/refresh";

    /// <summary>The claims of a token for requests.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="host">For which gateway.</param>
    /// <param name="access">What for.</param>
    /// <param name="now">From when on.</param>
    /// <param name="proof">Stands for the personal access token that was shown; of no meaning without one.</param>
    public static TokenClaims Access(GatewayCaller caller, string host, IReadOnlyList<TokenAccess> access, DateTimeOffset now, string? proof = null) => new()
    {
        Issuer = Issuer,
        Subject = caller.User?.Name ?? "",
        Audience = AudienceOf(host),
        IssuedAt = now.ToUnixTimeSeconds(),
        NotBefore = now.ToUnixTimeSeconds(),
        ExpiresAt = Earlier(now + Life, caller.ExpiresAt).ToUnixTimeSeconds(),
        Id = NewId(),
        Access = access,
        Groups = caller.User?.Groups is { Count: > 0 } groups ? groups : null,
        Login = caller.IsAnonymous ? null : caller.Method,
        AccessToken = caller.Limit?.Token,
        Proof = caller.Limit is null ? null : proof,
    };

    /// <summary>The claims of a token that the user may get others by, for as long as the proof holds.</summary>
    public static TokenClaims Refresh(GatewayCaller caller, string host, string proof, DateTimeOffset now) => new()
    {
        Issuer = Issuer,
        Subject = caller.User!.Name,
        Audience = RefreshAudienceOf(host),
        IssuedAt = now.ToUnixTimeSeconds(),
        NotBefore = now.ToUnixTimeSeconds(),
        ExpiresAt = Earlier(now + RefreshLife, caller.ExpiresAt).ToUnixTimeSeconds(),
        Id = NewId(),
        Login = caller.Method,
        AccessToken = caller.Limit?.Token,
        Proof = proof,
    };

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset? right) => right < left ? right.Value : left;

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

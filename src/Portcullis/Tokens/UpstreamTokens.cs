using System.Collections.Concurrent;
using Portcullis.Core.Identity;

namespace Portcullis.Tokens;

/// <summary>
/// The gateway's and the operator's own tokens for a registry or Notary server behind them: for the access that one request needs and no more, and
/// for less than a minute. The same access within some seconds gets the same token, so that signing costs a busy gateway nothing.
/// </summary>
/// <param name="key">Signs; its chain leads to what the registry trusts.</param>
/// <param name="issuer">As the registry expects it.</param>
/// <param name="service">The registry's own name, the audience of its tokens.</param>
/// <param name="time">The clock.</param>
internal sealed class UpstreamTokens(Es256Key key, string issuer, string service, TimeProvider time) : IDisposable
{
    /// <summary>docker-registry accepts a clock that is up to a minute behind, so that a minute is enough.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan UsedAgainFor = TimeSpan.FromSeconds(20);

    private const int MostKept = 10_000;
    private const string Subject = "portcullis";

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _minted = new(StringComparer.Ordinal);

    /// <summary>The value of a bearer Authorization header. Secret: it is never logged.</summary>
    public string For(params IReadOnlyList<TokenAccess> access)
    {
        var asked = string.Join(' ', access.Select(a => $"{a.Type}({a.Class}):{a.Name}:{string.Join(',', a.Actions)}"));
        var now = time.GetUtcNow();
        if (_minted.TryGetValue(asked, out var kept) && now < kept.Until && now >= kept.Until - UsedAgainFor)
        {
            return kept.Token;
        }

        var token = Mint(access, now);
        if (_minted.Count >= MostKept)
        {
            _minted.Clear();
        }

        _minted[asked] = (token, now + UsedAgainFor);
        return token;
    }

    public void Dispose() => key.Dispose();

    private string Mint(IReadOnlyList<TokenAccess> access, DateTimeOffset now) => key.Sign(new TokenClaims
    {
        Issuer = issuer,
        Subject = Subject,
        Audience = service,
        IssuedAt = now.ToUnixTimeSeconds(),
        NotBefore = now.ToUnixTimeSeconds(),
        ExpiresAt = (now + Life).ToUnixTimeSeconds(),
        Id = Guid.NewGuid().ToString("N"),
        Access = access,
    });
}

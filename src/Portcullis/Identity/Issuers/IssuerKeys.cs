using Microsoft.IdentityModel.Tokens;

namespace Portcullis.Identity.Issuers;

/// <summary>The keys by which an issuer signs, kept so that a log-in costs no request to it.</summary>
internal sealed class IssuerKeys(IssuerDocuments documents, TimeProvider time) : IDisposable
{
    /// <summary>Keys that an issuer has withdrawn count no longer than this.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);

    /// <summary>How long keys are used that cannot be asked for again.</summary>
    private static readonly TimeSpan UsableFor = TimeSpan.FromHours(24);

    /// <summary>Anybody can show a token with a key that nobody knows: it makes at most one request in this time.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private IList<SecurityKey>? _keys;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;

    /// <summary>All keys of the issuer, read anew when none has this id.</summary>
    /// <param name="id">The token's <c>kid</c>; empty when it names none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IssuerUnavailableException">They are not known and cannot be read.</exception>
    public async ValueTask<IList<SecurityKey>> GetAsync(string id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            var isKnown = _keys?.Any(k => id.Length == 0 || k.KeyId == id) == true;
            if ((!isKnown || now - _readAt >= FreshFor) && now - _askedAt >= AskAgainAfter)
            {
                await RefreshAsync(now);
            }

            return _keys ?? throw new IssuerUnavailableException("its keys could not be read a moment ago");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        documents.Dispose();
        _turn.Dispose();
    }

    /// <summary>Goes on although the client leaves: others wait for it, and it is not repeated soon. The request ends by itself.</summary>
    private async Task RefreshAsync(DateTimeOffset now)
    {
        _askedAt = now;
        try
        {
            (_keys, _readAt) = (await documents.ReadKeysAsync(CancellationToken.None), now);
        }
        catch (IssuerUnavailableException) when (_keys is not null && now - _readAt < UsableFor)
        {
            // Those that are known still count.
        }
        catch (IssuerUnavailableException)
        {
            _keys = null;
            throw;
        }
    }
}

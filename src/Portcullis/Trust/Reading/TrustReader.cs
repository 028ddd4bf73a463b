using Portcullis.Clients.Notary;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>
/// Reads the trust data of a name from a Notary server (TUF specification 1.0.33, section 5): it downloads what <see cref="TrustedSet"/> needs next, which
/// verifies it. When something is known, the newest timestamp is asked for first: when its bytes are those that are known, nothing else is asked for and nothing is
/// verified.
/// </summary>
internal sealed class TrustReader(TimeProvider time)
{
    /// <summary>Of all names: servers and people sign many with one key.</summary>
    private readonly VerificationKeys _keys = new();

    /// <param name="anchor">Where trust begins.</param>
    /// <param name="server">Whom to ask.</param>
    /// <param name="known">What was verified before; null for nothing.</param>
    /// <param name="seen">The versions of what was verified before that, and is not known any more; null for none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<ReadOutcome> ReadAsync(TrustAnchor anchor, NotaryClient server, TrustReading? known, SeenVersions? seen, CancellationToken cancellationToken)
    {
        try
        {
            var download = new TrustDownload(new TrustFiles(anchor.Gun, server, cancellationToken), error => error.MayBeLeftOut, time);
            var set = known is null ? await download.FirstAsync(TrustedSet.Begin(anchor, _keys, seen)) : await download.NextAsync(known.Set);
            return set is null ? new ReadOutcome.Absent($"{anchor.Gun}: {server.Endpoint} has no trust data for it: nobody has signed anything there")
                : new ReadOutcome.Verified(known is not null && ReferenceEquals(set, known.Set) ? known.At(time.GetUtcNow()) : TrustReading.Of(set, time.GetUtcNow()));
        }
        catch (TrustRefusedException e)
        {
            return new ReadOutcome.Rejected($"{anchor.Gun}: {e.Message}");
        }
        catch (NotaryException e)
        {
            return new ReadOutcome.Unreachable(e.Message);
        }
    }
}

using System.Collections.Concurrent;
using Portcullis.Clients.Notary;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Trust.Reading;

namespace Portcullis.Trust.Delegations;

/// <summary>
/// Reads the trust data of a name for who signs it anew: verified as for everybody, but what has expired is taken. Every look asks for the newest
/// timestamp; files that it still leads to are not downloaded again.
/// </summary>
internal sealed class SigningReader(TimeProvider time)
{
    /// <summary>All requests for one name together: a server that answers byte by byte must hold up neither the others nor what is reported of them.</summary>
    private static readonly TimeSpan ReadWithin = TimeSpan.FromMinutes(2);

    private readonly VerificationKeys _keys = new();
    private readonly ConcurrentDictionary<string, (TrustedSet Set, ServerKeys? Keys)> _known = new(StringComparer.Ordinal);

    /// <param name="server">Whom to ask.</param>
    /// <param name="anchor">The pinned root keys, and those that the operator itself signs with.</param>
    /// <param name="asksForKeys">Whether the keys are needed that the server signs with, also where it has no trust data.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<ServerAnswer> ReadAsync(NotaryClient server, TrustAnchor anchor, bool asksForKeys, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ReadWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await AnswerAsync(server, anchor, asksForKeys, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var late = FormattableString.Invariant($"{server.Endpoint} has not given the trust data of {anchor.Gun} within {ReadWithin.TotalSeconds:0} s");
            return new ServerAnswer(new ServerTrust.Unreachable(late)) { Server = server };
        }
        catch (Exception e) when (e is TrustRefusedException or NotaryException { Kind: NotaryFailure.Damaged })
        {
            return new ServerAnswer(new ServerTrust.Rejected(e.Message)) { Server = server };
        }
        catch (NotaryException e)
        {
            return new ServerAnswer(new ServerTrust.Unreachable(e.Message)) { Server = server };
        }
    }

    private async Task<ServerAnswer> AnswerAsync(NotaryClient server, TrustAnchor anchor, bool asksForKeys, CancellationToken cancellationToken)
    {
        var download = new TrustDownload(new TrustFiles(anchor.Gun, server, cancellationToken), IsOfDelegation, time);
        var (known, keys) = _known.GetValueOrDefault(anchor.Gun);
        var timestamp = known is null ? null : await download.TimestampAsync();
        if (timestamp is not null && known!.Timestamp!.File.Span.SequenceEqual(timestamp) && known.Anchor.RootKeys.SequenceEqual(anchor.RootKeys))
        {
            return Present(server, known, keys);
        }

        var set = (await download.FirstAsync(TrustedSet.BeginToSign(anchor, _keys, known), timestamp))?.Settled();
        keys = asksForKeys ? await KeysAsync(server, anchor.Gun, cancellationToken) : null;
        if (set is null)
        {
            _known.TryRemove(anchor.Gun, out _);
            return new ServerAnswer(new ServerTrust.Missing()) { Server = server, Keys = keys };
        }

        _known[anchor.Gun] = (set, keys);
        return Present(server, set, keys);
    }

    /// <summary>A delegation that is wrong in any way: its holders must mend it, and nothing is wrong with the others.</summary>
    private static bool IsOfDelegation(TufError error) => RoleNames.IsDelegation(error.Role);

    private static ServerAnswer Present(NotaryClient server, TrustedSet set, ServerKeys? keys) =>
        new(new ServerTrust.Present(PublishedSets.Of(set))) { Server = server, Set = set, Keys = keys };

    private static async Task<ServerKeys> KeysAsync(NotaryClient server, string gun, CancellationToken cancellationToken)
    {
        var snapshot = await server.GetKeyAsync(gun, RoleNames.Snapshot, cancellationToken);
        var timestamp = await server.GetKeyAsync(gun, RoleNames.Timestamp, cancellationToken);
        return ServerKeyText.Read(snapshot) is { } s && ServerKeyText.Read(timestamp) is { } t
            ? new ServerKeys(s, t)
            : throw new NotaryException(NotaryFailure.Damaged, $"{server.Endpoint} did not answer with its keys");
    }
}

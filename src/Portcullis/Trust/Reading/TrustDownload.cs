using Portcullis.Clients.Notary;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>One reading of one name, for whoever believes it and for whoever signs it anew.</summary>
/// <param name="files">What the server has.</param>
/// <param name="leavesOut">Whether the rest is read when a role is wrong in this way; else all of it is refused.</param>
/// <param name="time">By which ends are judged.</param>
internal sealed class TrustDownload(TrustFiles files, Func<TufError, bool> leavesOut, TimeProvider time)
{
    /// <summary>Delegations are asked for by so many requests at once.</summary>
    private const int AtOnce = 8;

    /// <summary>Somebody may publish a new root while we read; who publishes all the time is not read.</summary>
    private const int MostAttempts = 3;

    private readonly RootChain _roots = new(files);

    /// <summary>The newest timestamp; null when the server has none.</summary>
    public Task<byte[]?> TimestampAsync() => files.NewestAsync(RoleNames.Timestamp);

    /// <summary>What the server has, from its newest root on; null when it has nothing.</summary>
    /// <param name="empty">Where it begins. Files that it holds are not asked for again.</param>
    /// <param name="timestamp">The newest, when it was already asked for.</param>
    /// <exception cref="TrustRefusedException">A file is not what it must be.</exception>
    /// <exception cref="NotaryException">The server cannot be asked.</exception>
    public async Task<TrustedSet?> FirstAsync(TrustedSet empty, byte[]? timestamp = null)
    {
        string[] needed = [RoleNames.Root, .. timestamp is null ? (string[])[RoleNames.Timestamp] : [], RoleNames.Snapshot, .. empty.Holds(RoleNames.Targets) ? (string[])[] : [RoleNames.Targets]];
        await using var ahead = new FilesAhead(files, needed);
        return await ahead.NewestAsync(RoleNames.Root) is not { } root ? null
            : await RestAsync(await _roots.FirstAsync(empty, root), timestamp ?? await ahead.NewestAsync(RoleNames.Timestamp), ahead);
    }

    /// <summary>What the server has since something was read of it; that itself when nothing has changed, and null when nothing is left.</summary>
    /// <param name="known">What was verified before: nothing older is taken.</param>
    /// <exception cref="TrustRefusedException">A file is not what it must be.</exception>
    /// <exception cref="NotaryException">The server cannot be asked.</exception>
    public async Task<TrustedSet?> NextAsync(TrustedSet known)
    {
        if (await TimestampAsync() is not { } timestamp)
        {
            return null;
        }

        if (known.Timestamp!.File.Span.SequenceEqual(timestamp) && known.WithTimestamp(timestamp, time.GetUtcNow()).IsTrusted)
        {
            return known;
        }

        await using var ahead = new FilesAhead(files, RoleNames.Snapshot);
        try
        {
            var set = await _roots.FollowAsync(known);
            return await RestAsync(set, ReferenceEquals(set, known) ? timestamp : await TimestampAsync(), ahead);
        }
        catch (TrustRefusedException e)
        {
            throw new TrustRefusedException(e.Error, await _roots.HintAsync(known));
        }
    }

    /// <summary>Everything after the root.</summary>
    private async Task<TrustedSet> RestAsync(TrustedSet set, byte[]? timestamp, FilesAhead ahead)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                set = Take(set.WithTimestamp(timestamp ?? throw TrustFiles.Lacking(RoleNames.Timestamp), time.GetUtcNow()));
                return await NeededAsync(set, ahead);
            }
            catch (TrustRefusedException e) when (attempt < MostAttempts && e.Error is { Kind: TufErrorKind.Mismatch, Role: RoleNames.Root } or { Kind: TufErrorKind.NotListed })
            {
                (set, timestamp) = (await _roots.FollowAsync(set), await TimestampAsync());
            }
        }
    }

    private async Task<TrustedSet> NeededAsync(TrustedSet set, FilesAhead ahead)
    {
        var total = 0L;
        while (set.Needed() is { Count: > 0 } needed)
        {
            total += RoleLimits.Sum(needed);
            if (RoleLimits.Excess(needed, total) is { } excess)
            {
                throw new TrustRefusedException(excess);
            }

            var given = new (ReadOnlyMemory<byte> File, TufError? Error)[needed.Count];
            await Parallel.ForAsync(
                0, needed.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = files.CancellationToken },
                async (i, _) => given[i] = await GiveAsync(set, needed[i], ahead));
            for (var i = 0; i < given.Length; i++)
            {
                set = given[i].Error is { } error ? set.Without(error) : With(set, needed[i].Role, given[i].File);
            }
        }

        return set;
    }

    private async Task<(ReadOnlyMemory<byte> File, TufError? Error)> GiveAsync(TrustedSet set, NeededRole needed, FilesAhead ahead)
    {
        if (needed.IsTooLong)
        {
            // It is refused without being asked for.
            return (default, null);
        }

        try
        {
            return (set.Find(needed) ?? await ahead.FindAsync(needed) ?? await files.GetAsync(needed), null);
        }
        catch (TrustRefusedException e) when (leavesOut(e.Error))
        {
            return (default, e.Error);
        }
    }

    private TrustedSet With(TrustedSet set, string role, ReadOnlyMemory<byte> file)
    {
        var result = role == RoleNames.Snapshot ? set.WithSnapshot(file, time.GetUtcNow()) : set.WithTargets(role, file, time.GetUtcNow());
        return result.Error is { } error && leavesOut(error) ? set.Without(error) : Take(result);
    }

    private static TrustedSet Take(TufResult result) => result.Set ?? throw new TrustRefusedException(result.Error!);
}

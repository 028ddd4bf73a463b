using Portcullis.Kubernetes.Client;

namespace Portcullis.Repositories.Ledger;

/// <summary>
/// Changes of one shard take turns in this process, and those that come while one is being stored are stored together as the next: they would
/// otherwise meet each other's resource versions, and each read and write the shard again.
/// </summary>
/// <typeparam name="TShard">Names a shard.</typeparam>
/// <param name="store">Stores all of these changes, or throws and stores none.</param>
internal sealed class ShardTurns<TShard>(Func<TShard, IReadOnlyList<LedgerChange>, Task> store)
    where TShard : notnull
{
    private readonly Lock _gate = new();

    /// <summary>What waits, by the shards that are being written.</summary>
    private readonly Dictionary<TShard, List<LedgerChange>> _waiting = [];

    public void Add(TShard shard, LedgerChange change)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(shard, out var waiting))
            {
                waiting.Add(change);
                return;
            }

            _waiting[shard] = [];
        }

        _ = RunAsync(shard, [change]);
    }

    private async Task RunAsync(TShard shard, IReadOnlyList<LedgerChange> first)
    {
        for (var next = first; next is not null; next = Next(shard))
        {
            if (next.Where(c => !c.IsGivenUp).ToList() is { Count: > 0 } wanted)
            {
                await StoreAsync(shard, wanted);
            }
        }
    }

    /// <summary>What has come meanwhile; null, and the shard's turn has ended, when nothing has.</summary>
    private List<LedgerChange>? Next(TShard shard)
    {
        lock (_gate)
        {
            var waiting = _waiting[shard];
            if (waiting.Count == 0)
            {
                _waiting.Remove(shard);
                return null;
            }

            _waiting[shard] = [];
            return waiting;
        }
    }

    private async Task StoreAsync(TShard shard, IReadOnlyList<LedgerChange> changes)
    {
        try
        {
            await store(shard, changes);
            foreach (var change in changes)
            {
                change.End();
            }
        }
#pragma warning disable CA1031 // it is thrown where the change is waited for
        catch (Exception e)
#pragma warning restore CA1031
        {
            await FailAsync(shard, changes, e);
        }
    }

    /// <summary>What the server refuses may be due to one of them: each is tried by itself, so that it stops no other.</summary>
    private async Task FailAsync(TShard shard, IReadOnlyList<LedgerChange> changes, Exception exception)
    {
        var isOfOne = exception is not (HttpRequestException or KubernetesApiException { IsConflict: true });
        foreach (var change in changes)
        {
            if (isOfOne && changes.Count > 1)
            {
                await StoreAsync(shard, [change]);
            }
            else
            {
                change.Fail(exception);
            }
        }
    }
}

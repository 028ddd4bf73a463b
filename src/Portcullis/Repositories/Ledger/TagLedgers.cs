using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Repositories;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Repositories.Ledger;

/// <summary>
/// Reads and writes the ledger of tags. Everybody writes by the resource version that he read, so that of several writers one succeeds and the
/// others see what he wrote. Reading from the store costs no request and may be a moment old; what is decided before a write is decided by what the server
/// has now.
/// </summary>
internal sealed class TagLedgers
{
    /// <summary>So many others may write the same shard first before the caller is told to try later.</summary>
    private const int Attempts = 60;

    private static readonly WriteOptions Write = new(WellKnown.Managers.Ledger);

    private static readonly BackOff Pauses = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(200));

    private readonly IStore<TagLedger> _store;
    private readonly KubernetesClient _client;
    private readonly TimeProvider _time;
    private readonly ShardTurns<(RepositoryId Repository, int Shard)> _turns;

    public TagLedgers(IStore<TagLedger> store, KubernetesClient client, TimeProvider time)
    {
        (_store, _client, _time) = (store, client, time);
        _turns = new ShardTurns<(RepositoryId Repository, int Shard)>((at, changes) => StoreAsync(at.Repository, at.Shard, changes));
    }

    /// <summary>What is known of a tag, a moment ago at most.</summary>
    public TagEntry? Find(RepositoryId repository, string tag) =>
        _store.Get(LedgerShards.Key(repository, LedgerShards.Of(tag))) is { } shard ? TagEntries.Find(shard.Spec.Entries, tag) : null;

    /// <summary>All tags of a repository, in ordinal order.</summary>
    public IReadOnlyList<TagEntry> Of(RepositoryId repository) =>
    [
        .. Enumerable.Range(0, LedgerShards.Count)
            .SelectMany(s => _store.Get(LedgerShards.Key(repository, s))?.Spec.Entries ?? [])
            .OrderBy(e => e.Tag, StringComparer.Ordinal),
    ];

    /// <summary>All tags of a repository as the server has them now.</summary>
    public async Task<IReadOnlyList<TagEntry>> ReadAllAsync(RepositoryId repository, CancellationToken cancellationToken)
    {
        var entries = new List<TagEntry>();
        var options = new ListOptions { LabelSelector = $"{LedgerShards.RepositoryLabel}={LedgerShards.HashOf(repository)}" };
        await foreach (var shard in _client.ListAsync(TagLedger.Definition, options, cancellationToken))
        {
            entries.AddRange(Typed(shard).Spec.Entries);
        }

        return [.. entries.OrderBy(e => e.Tag, StringComparer.Ordinal)];
    }

    /// <summary>What the server has of a tag now.</summary>
    public async Task<TagEntry?> ReadAsync(RepositoryId repository, string tag, CancellationToken cancellationToken)
    {
        var shard = await _client.GetAsync(TagLedger.Definition, LedgerShards.Key(repository, LedgerShards.Of(tag)), cancellationToken);
        return shard is null ? null : TagEntries.Find(Typed(shard).Spec.Entries, tag);
    }

    /// <summary>
    /// Changes a tag's entry, deciding again from what the server has whenever somebody else was first. <paramref name="change"/> gets the entry (null: none) and returns
    /// the one to store (null: none); the same one means that nothing is written. Returns what is stored in the end.
    /// </summary>
    /// <exception cref="KubernetesApiException">The server refuses, or too many others write the same shard.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public async Task<TagEntry?> UpdateAsync(RepositoryId repository, string tag, Func<TagEntry?, TagEntry?> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var one = new LedgerChange(tag, change, cancellationToken);
        _turns.Add((repository, LedgerShards.Of(tag)), one);
        return await one.Ended;
    }

    private async Task StoreAsync(RepositoryId repository, int number, IReadOnlyList<LedgerChange> changes)
    {
        for (var attempt = 1; ; attempt++)
        {
            var shard = await _client.GetAsync(TagLedger.Definition, LedgerShards.Key(repository, number), CancellationToken.None) is { } read ? Typed(read) : null;
            var before = shard?.Spec.Entries ?? [];
            var after = changes.Aggregate(before, (entries, change) => change.ApplyTo(entries));
            if (ReferenceEquals(before, after))
            {
                return;
            }

            try
            {
                await StoreAsync(repository, number, shard, after);
                return;
            }
            catch (KubernetesApiException e) when ((e.IsConflict || e.IsNotFound) && attempt < Attempts)
            {
                await Task.Delay(Pauses.After(attempt, Jitter.Next), _time, CancellationToken.None);
            }
        }
    }

    private Task<JsonObject> StoreAsync(RepositoryId repository, int number, TagLedger? shard, IReadOnlyList<TagEntry> entries)
    {
        var spec = new TagLedgerSpec { Registry = repository.Registry, Repository = repository.Name, Shard = number, Entries = entries };
        var body = new JsonObject { ["spec"] = JsonSerializer.SerializeToNode(spec, RepositoriesJsonContext.Default.TagLedgerSpec) };
        if (shard is not null)
        {
            body["metadata"] = new JsonObject { ["resourceVersion"] = shard.Metadata.ResourceVersion };
            return _client.MergePatchAsync(TagLedger.Definition, shard.Key, body, Write, CancellationToken.None);
        }

        body["apiVersion"] = TagLedger.Definition.ApiVersion;
        body["kind"] = TagLedger.Definition.Kind;
        body["metadata"] = new JsonObject
        {
            ["name"] = LedgerShards.Key(repository, number).Name,
            ["labels"] = new JsonObject
            {
                [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue,
                [LedgerShards.RepositoryLabel] = LedgerShards.HashOf(repository),
            },
        };
        return _client.CreateAsync(TagLedger.Definition, body, Write, CancellationToken.None);
    }

    private static TagLedger Typed(JsonObject value) => value.Deserialize(RepositoriesJsonContext.Default.TagLedger)!;
}

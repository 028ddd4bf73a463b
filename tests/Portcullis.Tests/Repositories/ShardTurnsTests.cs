using System.Net;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Client;
using Portcullis.Repositories.Ledger;

namespace Portcullis.Tests.Repositories;

/// <summary>Changes of one shard of the ledger that come at once.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ShardTurnsTests
{
    private readonly List<IReadOnlyList<TagEntry>> _stored = [];
    private readonly TaskCompletionSource _server = new();

    [Test]
    public async Task What_comes_while_one_is_being_stored_is_stored_together_and_in_its_order()
    {
        var turns = new ShardTurns<int>((_, changes) => StoreAsync(changes));
        var (first, second, third) = (Change("a"), Change("b"), Change("b", "again"));
        foreach (var change in new[] { first, second, third })
        {
            turns.Add(1, change);
        }

        _server.SetResult();

        Assert.That((await first.Ended, (await second.Ended)!.Author, (await third.Ended)!.Author), Is.EqualTo((_stored[0][0], "b", "again")));
        Assert.That(_stored.Select(entries => string.Join(' ', entries.Select(e => $"{e.Tag}:{e.Author}"))), Is.EqualTo(new[] { "a:a", "b:again" }));
    }

    [Test]
    public async Task A_change_that_the_server_refuses_stops_no_other()
    {
        var turns = new ShardTurns<int>((_, changes) => StoreAsync(changes, refuses: "bad"));
        var (first, bad, good) = (Change("a"), Change("bad"), Change("good"));
        foreach (var change in new[] { first, bad, good })
        {
            turns.Add(1, change);
        }

        _server.SetResult();

        Assert.That((await good.Ended)!.Author, Is.EqualTo("good"));
        await Assert.ThrowsAsync<KubernetesApiException>(() => bad.Ended);
        Assert.That(_stored.Select(e => e[0].Tag), Is.EqualTo(new[] { "a", "good" }));
    }

    [Test]
    public async Task A_change_that_nobody_waits_for_any_more_is_not_stored()
    {
        using var stopped = new CancellationTokenSource();
        var turns = new ShardTurns<int>((_, changes) => StoreAsync(changes));
        var (first, given, last) = (Change("a"), Change("b", cancellation: stopped.Token), Change("c"));
        foreach (var change in new[] { first, given, last })
        {
            turns.Add(1, change);
        }

        await stopped.CancelAsync();
        _server.SetResult();

        await last.Ended;
        await Assert.ThrowsAsync<TaskCanceledException>(() => given.Ended);
        Assert.That(_stored.Select(e => e[0].Tag), Is.EqualTo(new[] { "a", "c" }));
    }

    [Test]
    public async Task Another_shard_does_not_wait()
    {
        var turns = new ShardTurns<int>((shard, changes) => shard == 1 ? StoreAsync(changes) : Task.CompletedTask);
        turns.Add(1, Change("a"));
        var other = Change("b");

        turns.Add(2, other);

        await other.Ended;
        Assert.That(_stored, Is.Empty);
        _server.SetResult();
    }

    private static LedgerChange Change(string tag, string? author = null, CancellationToken cancellation = default) =>
        new(tag, _ => new TagEntry { Tag = tag, Author = author ?? tag }, cancellation);

    private async Task StoreAsync(IReadOnlyList<LedgerChange> changes, string? refuses = null)
    {
        await _server.Task;
        var entries = changes.Aggregate((IReadOnlyList<TagEntry>)[], (all, change) => change.ApplyTo(all));
        if (entries.Any(e => e.Tag == refuses))
        {
            throw new KubernetesApiException(HttpStatusCode.UnprocessableEntity, "Invalid", "it is invalid");
        }

        _stored.Add(entries);
    }
}

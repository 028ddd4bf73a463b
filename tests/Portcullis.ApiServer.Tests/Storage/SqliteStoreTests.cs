using System.Text.Json.Nodes;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects;

namespace Portcullis.ApiServer.Tests.Storage;

[TestFixture]
internal sealed class SqliteStoreTests
{
    private static readonly ApiResource Kind = new("", "v1", "ConfigMap", "configmaps", true);

    private string _folder = "";

    private string FilePath => Path.Combine(_folder, "objects.db");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("portcullis-store-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task One_of_many_writers_with_the_same_expectation_wins()
    {
        await using var store = SqliteStore.Open(FilePath);
        var key = new ObjectKey("a", "one");
        var first = (await store.PutAsync(Kind, key, Value("one"), 0, default))!;
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => store.PutAsync(Kind, key, Value("one"), first.Version, default)));
        Assert.That(results.Count(r => r is not null), Is.EqualTo(1));
    }

    [Test]
    public async Task A_write_that_nobody_waits_for_is_dropped_and_not_told_as_a_conflict()
    {
        await using var store = SqliteStore.Open(FilePath);
        var key = new ObjectKey("a", "one");
        Assert.That(async () => await store.PutAsync(Kind, key, Value("one"), 0, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(store.Get(Kind, key), Is.Null);
        var first = (await store.PutAsync(Kind, key, Value("one"), 0, default))!;
        Assert.That(async () => await store.DeleteAsync(Kind, key, first.Version, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(store.Get(Kind, key), Is.Not.Null);
    }

    [Test]
    public async Task Versions_of_concurrent_writes_are_unique_and_events_come_in_their_order()
    {
        await using var store = SqliteStore.Open(FilePath);
        using var subscription = store.Log.Subscribe(null, 0)!;
        var written = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.PutAsync(Kind, new ObjectKey("a", $"n{i}"), Value($"n{i}"), 0, default)));
        var versions = new List<long>();
        while (subscription.Live.TryRead(out var entry))
        {
            versions.Add(entry.Object.Version);
        }

        Assert.Multiple(() =>
        {
            Assert.That(written.Select(w => w!.Version).Distinct().Count(), Is.EqualTo(200));
            Assert.That(versions, Is.EqualTo(Enumerable.Range(1, 200).Select(v => (long)v)));
        });
    }

    [Test]
    public async Task What_was_written_is_there_after_a_restart_and_versions_go_on()
    {
        long last;
        await using (var store = SqliteStore.Open(FilePath))
        {
            await store.PutAsync(Kind, new ObjectKey("a", "kept"), Value("kept"), 0, default);
            var gone = (await store.PutAsync(Kind, new ObjectKey("a", "gone"), Value("gone"), 0, default))!;
            await store.DeleteAsync(Kind, gone.Key, gone.Version, default);
            last = store.CurrentVersion;
        }

        await using var reopened = SqliteStore.Open(FilePath);
        Assert.Multiple(() =>
        {
            Assert.That(reopened.List(Kind).Select(o => o.Key.Name), Is.EqualTo(new[] { "kept" }));
            Assert.That(reopened.List(Kind)[0].Object["metadata"]!["resourceVersion"]!.ToString(), Is.EqualTo("1"));
            Assert.That(reopened.CurrentVersion, Is.EqualTo(last));
            Assert.That(reopened.Log.Subscribe(null, 1), Is.Null, "the past before a restart is forgotten");
        });
    }

    [Test]
    public async Task An_earlier_state_is_rebuilt_from_the_log()
    {
        await using var store = SqliteStore.Open(FilePath);
        var a = (await store.PutAsync(Kind, new ObjectKey("x", "a"), Value("a"), 0, default))!;
        var then = (await store.PutAsync(Kind, new ObjectKey("x", "b"), Value("b"), 0, default))!.Version;
        await store.DeleteAsync(Kind, a.Key, a.Version, default);
        await store.PutAsync(Kind, new ObjectKey("x", "c"), Value("c"), 0, default);
        var names = store.At(StorageKind.Of(Kind), then)!.In("x").Select(o => o.Key.Name);
        store.Log.Compact();
        Assert.Multiple(() =>
        {
            Assert.That(names, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(store.At(StorageKind.Of(Kind), then), Is.Null);
        });
    }

    private static JsonObject Value(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = name },
    };
}

using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Stores;

/// <summary>Expectations beside a store, and in every order in which writes, answers, echoes and other people's changes can come.</summary>
internal sealed class ExpectationsOfStoresTests
{
    private static readonly ObjectKey Key = new("team", "viewers");

    [Test]
    public void A_store_gives_the_version_of_a_deletion_and_says_when_everything_was_listed()
    {
        var expected = new Expectations<string>(new ManualTimeProvider());
        var store = new UntypedStore(new ApiResource("", "v1", "ConfigMap", "configmaps", Namespaced: true), new StoreOptions<JsonObject>());
        var origins = new List<ChangeOrigin>();
        var doubted = new List<ObjectKey>();
        using var changes = store.Subscribe(change => origins.Add(expected.Observe(change)));
        using var lists = store.WhenListed(() => doubted.AddRange(expected.Doubt()));
        using (var write = expected.Begin(Key, null))
        {
            write.Answered("4", "ours");
        }

        store.Put("""{"metadata":{"namespace":"team","name":"viewers","resourceVersion":"2"}}"""u8, initial: false);
        store.Remove(Key, "3", initial: false);
        Assert.That(expected.Find(Key)!.Written!.IsAheadOf(null), "the deletion came before the write");
        store.MarkSynced();
        Assert.That(origins, Is.EqualTo(new[] { ChangeOrigin.Foreign, ChangeOrigin.Foreign }));
        Assert.That(doubted, Is.EqualTo(new[] { Key }));
    }

    [Test]
    public void In_every_order_the_newest_counts_no_foreign_change_is_hidden_and_nothing_is_expected_in_the_end([Range(1, 20)] int block)
    {
        for (var seed = block * 100; seed < (block + 1) * 100; seed++)
        {
            new ExpectationInterleaving(seed).Run();
        }
    }
}

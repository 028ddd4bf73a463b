using k8s;
using k8s.Models;

namespace Portcullis.ApiServer.Tests.SecondClient;

[TestFixture]
internal sealed class ListAndWatchTests : SecondClientFixture
{
    private const string Ours = "test=yes";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_list_is_read_page_by_page_until_it_has_no_continuation()
    {
        for (var i = 0; i < 5; i++)
        {
            await CreateAsync($"map-{i}");
        }

        var pages = new List<V1ConfigMapList>();
        do
        {
            pages.Add(await Client.CoreV1.ListNamespacedConfigMapAsync(
                Namespace, labelSelector: Ours, limit: 2, continueParameter: pages.LastOrDefault()?.Metadata.ContinueProperty));
        }
        while (!string.IsNullOrEmpty(pages[^1].Metadata.ContinueProperty));

        Assert.That(pages.Select(p => p.Items.Count), Is.EqualTo([2, 2, 1]));
        Assert.That(pages.SelectMany(p => p.Items).Select(m => m.Metadata.Name), Is.EqualTo(["map-0", "map-1", "map-2", "map-3", "map-4"]));
        Assert.That(pages.Select(p => p.Metadata.ResourceVersion).Distinct().Count(), Is.EqualTo(1), "all pages are of one moment");
    }

    [Test]
    public async Task A_watch_from_a_list_reports_what_follows_it_in_order()
    {
        await CreateAsync("before");
        var list = await Client.CoreV1.ListNamespacedConfigMapAsync(Namespace, labelSelector: Ours);
        var events = EventsAsync(list.Metadata.ResourceVersion, 3);

        var made = await CreateAsync("one");
        made.Data["key"] = "2";
        await Client.CoreV1.ReplaceNamespacedConfigMapAsync(made, "one", Namespace);
        await Client.CoreV1.DeleteNamespacedConfigMapAsync("one", Namespace);

        Assert.That(
            (await events).Select(e => $"{e.Type} {e.Map.Metadata.Name} {e.Map.Data["key"]}"),
            Is.EqualTo(["Added one 1", "Modified one 2", "Deleted one 2"]));
    }

    [Test]
    public async Task A_watch_begun_again_at_the_last_version_seen_misses_nothing_and_repeats_nothing()
    {
        var list = await Client.CoreV1.ListNamespacedConfigMapAsync(Namespace, labelSelector: Ours);
        await CreateAsync("one");
        var (_, seen) = (await EventsAsync(list.Metadata.ResourceVersion, 1)).Single();

        // Nobody watches now.
        await CreateAsync("two");
        await Client.CoreV1.DeleteNamespacedConfigMapAsync("one", Namespace);
        var events = EventsAsync(seen.Metadata.ResourceVersion, 3);
        await CreateAsync("three");

        Assert.That((await events).Select(e => $"{e.Type} {e.Map.Metadata.Name}"), Is.EqualTo(["Added two", "Deleted one", "Added three"]));
    }

    [Test]
    public async Task A_watch_from_a_forgotten_version_ends_with_410_and_a_new_list_goes_on()
    {
        if (Cluster.Embedded is null)
        {
            Assert.Ignore("Only the embedded API can be made to forget.");
        }

        var list = await Client.CoreV1.ListNamespacedConfigMapAsync(Namespace, labelSelector: Ours);
        await CreateAsync("one");
        await CreateAsync("two");
        Cluster.Embedded.Compact();

        var gone = await Assert.CatchAsync<KubernetesException>(() => EventsAsync(list.Metadata.ResourceVersion, 1));
        Assert.That(gone!.Status.Code, Is.EqualTo(410));
        Assert.That(gone.Status.Reason, Is.EqualTo("Expired"));

        list = await Client.CoreV1.ListNamespacedConfigMapAsync(Namespace, labelSelector: Ours);
        var events = EventsAsync(list.Metadata.ResourceVersion, 1);
        await CreateAsync("three");
        Assert.That(list.Items.Select(m => m.Metadata.Name), Is.EqualTo(["one", "two"]));
        Assert.That((await events).Single().Map.Metadata.Name, Is.EqualTo("three"));
    }

    /// <summary>The next events after a version; what the server reports as an error is thrown.</summary>
    private async Task<List<(WatchEventType Type, V1ConfigMap Map)>> EventsAsync(string version, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var events = new List<(WatchEventType, V1ConfigMap)>();
        await foreach (var (type, map) in Client.CoreV1.WatchListNamespacedConfigMapAsync(
            Namespace, labelSelector: Ours, resourceVersion: version, onError: e => throw e, cancellationToken: limit.Token))
        {
            events.Add((type, map));
            if (events.Count == count)
            {
                break;
            }
        }

        return events;
    }
}

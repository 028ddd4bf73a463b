using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Repositories;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Promotions;

/// <summary>Promotions that break off: what was decided is finished as it was decided, and nothing is promoted twice with different results.</summary>
internal sealed class PromotionFaultTests
{
    [Test]
    public async Task A_decision_that_a_crashed_operator_recorded_is_finished_with_its_own_time()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live", "applyTo: Existing", template: "%Y-%m-%d-%f");
        var image = ImageBuilder.Small();
        var at = DateTimeOffset.UtcNow.AddSeconds(5);
        await setup.World.Ledgers.UpdateAsync(
            RegistryWorld.Id,
            "66",
            _ => new TagEntry
            {
                Tag = "66",
                Digest = image.Digest,
                PushedAt = at,
                Promotions = [new TagPromotion { Policy = "live", Generation = 1, Digest = image.Digest, TargetTag = "as-decided", At = at }],
            },
            default);
        await image.PushAsync(setup.World.Direct, RegistryWorld.Name, "66");

        await setup.UntilPromotedAsync("as-decided", image);
        Assert.That((await setup.UntilDoneAsync("66", "live")).TargetTag, Is.EqualTo("as-decided"));
        Assert.That(await setup.World.Direct.Tags.ListAsync(PromotionSetup.Live, default), Does.Contain("as-decided").And.Not.Contain("2026"));
    }

    [Test]
    public async Task Whichever_request_to_the_registry_breaks_the_promotion_comes_to_the_same_end([Values] bool afterForward)
    {
        await using var setup = await PromotionSetup.StartAsync();
        await using var proxy = await ThroughProxyAsync(setup);
        await setup.DeclareAsync("live", template: "%n-%S%f");
        await setup.World.PushAsync("first", ImageBuilder.Small(100));
        await setup.UntilDoneAsync("first", "live");
        var requests = proxy.Faults.Seen.Count(IsOfPromotion);
        Assert.That(requests, Is.GreaterThan(8));

        for (var nth = 1; nth <= requests; nth++)
        {
            var (tag, left) = ($"t{nth}", nth);
            proxy.Faults.Clear();
            proxy.Faults.Inject(r => IsOfPromotion(r) && Interlocked.Decrement(ref left) == 0, afterForward ? new Fault.CutAfterForward() : Fault.InternalError, 1);
            await setup.World.PushAsync(tag, ImageBuilder.Small(nth));
            var done = await setup.UntilDoneAsync(tag, "live");
            Assert.That(await setup.DigestAsync(done.TargetTag), Is.EqualTo(ImageBuilder.Small(nth).Digest), tag);
            Assert.That(await setup.RecordsAsync(ImageBuilder.Small(nth)), Has.Count.EqualTo(1), tag);
        }

        var tags = (await setup.World.Direct.Tags.ListAsync(PromotionSetup.Live, default))!;
        Assert.That(tags.Where(t => t.Contains('-', StringComparison.Ordinal) && !t.StartsWith("sha256-", StringComparison.Ordinal)).Select(t => t.Split('-')[0]), Is.Unique);
    }

    [Test]
    public async Task A_registry_that_dies_in_the_middle_and_comes_back_has_the_whole_image()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.World.PushAsync("66", ImageBuilder.Small());
        await setup.World.Registry.StopAsync(kill: true);
        await setup.DeclareAsync("live", "applyTo: Existing");
        await setup.UntilDecidedAsync("live", "66", "Failed");

        await setup.World.Registry.StartAgainAsync();

        await setup.UntilPromotedAsync("66", ImageBuilder.Small());
        await setup.UntilDoneAsync("66", "live");
        await setup.UntilDecidedAsync("live", "66", "Promoted");
    }

    [Test]
    public async Task Two_operators_that_promote_at_once_decide_once()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.World.StartHostAsync(configure: setup.Configure);
        await setup.DeclareAsync("live", template: "%n-%S%f");

        for (var i = 1; i <= 10; i++)
        {
            await setup.World.PushAsync($"t{i}", ImageBuilder.Small(i));
        }

        for (var i = 1; i <= 10; i++)
        {
            var done = await setup.UntilDoneAsync($"t{i}", "live");
            Assert.That(await setup.DigestAsync(done.TargetTag), Is.EqualTo(ImageBuilder.Small(i).Digest));
            Assert.That(await setup.RecordsAsync(ImageBuilder.Small(i)), Has.Count.EqualTo(1));
        }

        var tags = (await setup.World.Direct.Tags.ListAsync(PromotionSetup.Live, default))!;
        Assert.That(tags.Count(t => t.StartsWith('t')), Is.EqualTo(10), string.Join(' ', tags));
    }

    [Test]
    public async Task What_somebody_pushed_to_the_target_while_it_was_copied_is_not_overwritten_unseen()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await using var proxy = await ThroughProxyAsync(setup);
        await setup.DeclareAsync("live", "criteria: [{field: Tag, operator: StartsWith, values: [t]}]");
        var pushed = 0;
        proxy.Faults.Inject(r => r.Method == "POST" && r.Path.StartsWith("/v2/shop/live/", StringComparison.Ordinal) && Interlocked.Increment(ref pushed) == 1, new Fault.Delay(TimeSpan.FromSeconds(2)), 1);
        var (mine, other) = (ImageBuilder.Small(1), ImageBuilder.Small(2));

        await setup.World.PushAsync("t1", mine);
        await setup.World.UntilAsync(() => Task.FromResult(Volatile.Read(ref pushed) > 0), "the copy to begin");
        await other.PushAsync(setup.World.Direct, PromotionSetup.Live);
        await setup.World.Writes.PushAsync(new(PromotionSetup.LiveId, "t1", other.Digest, other.Manifest.MediaType, other.Manifest.Bytes) { IsStored = true }, default);

        // It was judged again, with the other image in the tag, and by the rules that is overwritten.
        await setup.UntilDoneAsync("t1", "live");
        Assert.That(await setup.DigestAsync("t1"), Is.EqualTo(mine.Digest));
        Assert.That(proxy.Faults.Count(r => r.ToString() == "PUT /v2/shop/live/manifests/t1"), Is.EqualTo(2), "the other's and the promotion's, none in between");
    }

    private static bool IsOfPromotion(SeenRequest request) =>
        request.Path.StartsWith("/v2/shop/live/", StringComparison.Ordinal) && !request.Path.EndsWith("/tags/list", StringComparison.Ordinal);

    /// <summary>Lets the operator reach the registry through a proxy; the test goes past it.</summary>
    private static async Task<FaultProxy> ThroughProxyAsync(PromotionSetup setup)
    {
        var proxy = await FaultProxy.StartAsync(setup.World.Registry.Address);
        await setup.World.Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec: {host: dtr.example.com, upstream: {url: "{{proxy.Address.AbsoluteUri}}"} }
            """);
        var store = setup.World.Services.GetRequiredService<Kubernetes.Stores.IStore<Core.Registries.Registry>>();
        await setup.World.UntilAsync(() => Task.FromResult(store.Get(Objects.ObjectKey.Cluster("dtr"))?.Spec.Upstream.Url == proxy.Address.AbsoluteUri), "the store to have the proxy");
        return proxy;
    }
}

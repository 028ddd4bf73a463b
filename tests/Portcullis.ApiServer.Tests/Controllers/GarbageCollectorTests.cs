using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Controllers;

internal sealed class GarbageCollectorTests : ClusterFixture
{
    private const string Maps = "/api/v1/namespaces/gc/configmaps";

    [OneTimeSetUp]
    public async Task CreateNamespace() => _ = await CreateNamespaceAsync("gc");

    [Test]
    public async Task A_dependent_follows_its_owner_and_so_does_its_own()
    {
        var owner = await CreateMapAsync("gc", "bg-owner");
        var child = await CreateMapAsync("gc", "bg-child", OwnedBy(owner));
        _ = await CreateMapAsync("gc", "bg-grandchild", OwnedBy(child));
        Assert.That(await DeleteAsync($"{Maps}/bg-owner"), Is.EqualTo(200));
        await IsGoneAsync($"{Maps}/bg-child");
        await IsGoneAsync($"{Maps}/bg-grandchild");
    }

    [Test]
    public async Task An_object_lives_while_one_of_its_owners_does_and_forgets_the_dead_one()
    {
        var dies = await CreateMapAsync("gc", "two-dies");
        var stays = await CreateMapAsync("gc", "two-stays");
        var both = OwnedBy(dies).TrimEnd(']') + "," + OwnedBy(stays)["\"ownerReferences\":[".Length..];
        _ = await CreateMapAsync("gc", "two-child", both);
        _ = await DeleteAsync($"{Maps}/two-dies");
        await Eventually.HoldsAsync(async () =>
            (await GetAsync($"{Maps}/two-child")).Object("metadata").Array("ownerReferences") is [var left] && left.String("name") == "two-stays");
    }

    [Test]
    public async Task An_owner_that_never_was_is_gone()
    {
        _ = await CreateMapAsync(
            "gc", "absent-child", """ "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"kube-root-ca.crt","uid":"not-its-uid"}] """);
        await IsGoneAsync($"{Maps}/absent-child");
    }

    [Test]
    public async Task An_owner_of_an_unknown_kind_is_left_alone()
    {
        _ = await CreateMapAsync("gc", "unknown-child", """ "ownerReferences":[{"apiVersion":"x.dev/v1","kind":"Nothing","name":"n","uid":"u"}] """);
        var marker = await CreateMapAsync("gc", "unknown-marker");
        _ = await CreateMapAsync("gc", "unknown-later", OwnedBy(marker));
        _ = await DeleteAsync($"{Maps}/unknown-marker");
        await IsGoneAsync($"{Maps}/unknown-later");
        Assert.That(await GetAsync($"{Maps}/unknown-child"), Is.Not.Null);
    }

    [Test]
    public async Task Foreground_deletion_waits_for_those_that_block()
    {
        var owner = await CreateMapAsync("gc", "fg-owner");
        _ = await CreateMapAsync("gc", "fg-child", OwnedBy(owner, blocks: true) + ""","finalizers":["example.dev/hold"]""");
        _ = await DeleteAsync($"{Maps}/fg-owner", """{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Foreground"}""");
        await Eventually.HoldsAsync(async () => (await GetAsync($"{Maps}/fg-child")).Object("metadata").String("deletionTimestamp") is not null);
        Assert.That(await GetAsync($"{Maps}/fg-owner"), Is.Not.Null, "waits for the child");
        _ = await SendAsync(HttpMethod.Patch, $"{Maps}/fg-child", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await IsGoneAsync($"{Maps}/fg-owner");
    }

    [Test]
    public async Task Two_that_own_and_block_each_other_both_go()
    {
        var one = await CreateMapAsync("gc", "circle-one");
        var two = await CreateMapAsync("gc", "circle-two", OwnedBy(one, blocks: true));
        _ = await SendAsync(
            HttpMethod.Patch, $"{Maps}/circle-one", $$"""{ "metadata": { {{OwnedBy(two, blocks: true)}} } }""", "application/merge-patch+json");
        _ = await DeleteAsync($"{Maps}/circle-one", """{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Foreground"}""");
        await IsGoneAsync($"{Maps}/circle-two");
        await IsGoneAsync($"{Maps}/circle-one");
    }

    [Test]
    public async Task Orphans_stay_and_forget_their_owner()
    {
        var owner = await CreateMapAsync("gc", "or-owner");
        _ = await CreateMapAsync("gc", "or-child", OwnedBy(owner));
        _ = await DeleteAsync($"{Maps}/or-owner", """{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Orphan"}""");
        await IsGoneAsync($"{Maps}/or-owner");
        Assert.That((await GetAsync($"{Maps}/or-child")).Object("metadata").Array("ownerReferences"), Is.Null);
    }
}

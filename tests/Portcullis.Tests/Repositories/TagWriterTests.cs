using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Repositories;
using Portcullis.Repositories.Writes;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Repositories;

/// <summary>Writes of tags against a real docker-registry and a Kubernetes API.</summary>
public class TagWriterTests
{
    private const string Immutable = "immutability: {rules: [{tags: ['v*']}]}";

    [Test]
    public async Task A_pushed_tag_is_in_the_registry_and_the_ledger_knows_its_author()
    {
        await using var world = await RegistryWorld.StartAsync();
        var image = ImageBuilder.Small();

        var outcome = await world.PushAsync("v1", image);

        Assert.That(outcome, Is.InstanceOf<TagWriteOutcome.Written>());
        Assert.That(await world.DigestAsync("v1"), Is.EqualTo(image.Digest));
        var entry = await world.Ledgers.ReadAsync(RegistryWorld.Id, "v1", default);
        Assert.That(entry, Is.Not.Null);
        Assert.That((entry!.Digest, entry.Author, entry.Claim), Is.EqualTo((image.Digest, "ann", (TagClaim?)null)));
    }

    [Test]
    public async Task A_mutable_tag_is_overwritten_and_its_ledger_entry_is_that_of_the_new_image()
    {
        await using var world = await RegistryWorld.StartAsync();
        await world.PushAsync("latest", ImageBuilder.Small(1));
        await world.PushAsync("latest", ImageBuilder.Small(2), "bob");

        Assert.That(await world.DigestAsync("latest"), Is.EqualTo(ImageBuilder.Small(2).Digest));
        Assert.That((await world.Ledgers.ReadAsync(RegistryWorld.Id, "latest", default))!.Author, Is.EqualTo("bob"));
    }

    [Test]
    public async Task An_immutable_tag_takes_the_same_image_again_and_no_other()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        await world.PushAsync("v1", ImageBuilder.Small(1));

        Assert.That(await world.PushAsync("v1", ImageBuilder.Small(1)), Is.InstanceOf<TagWriteOutcome.Unchanged>());
        var refused = await world.PushAsync("v1", ImageBuilder.Small(2)) as TagWriteOutcome.Refused;
        Assert.That(refused?.Message, Is.EqualTo("tag=v1 cannot be overwritten because dtr.example.com/shop/web is an immutable repository"));
        Assert.That(await world.DigestAsync("v1"), Is.EqualTo(ImageBuilder.Small(1).Digest));
        Assert.That(await world.PushAsync("dev", ImageBuilder.Small(1)), Is.InstanceOf<TagWriteOutcome.Written>());
        Assert.That(await world.PushAsync("dev", ImageBuilder.Small(2)), Is.InstanceOf<TagWriteOutcome.Written>());
    }

    [Test]
    public async Task Of_fifty_different_images_pushed_at_once_to_an_immutable_tag_through_two_copies_one_is_written()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        var other = await world.StartHostAsync();
        var images = Enumerable.Range(1, 50).Select(i => ImageBuilder.Small(i, layers: 1)).ToList();

        var outcomes = await Task.WhenAll(images.Select((image, i) =>
            world.PushAsync("v1", image, by: i % 2 == 0 ? world.Writes : other.GetRequiredService<ITagWrites>())));

        Assert.That(outcomes.Count(o => o is TagWriteOutcome.Written), Is.EqualTo(1), string.Join("; ", outcomes.Select(o => o.ToString()).Distinct()));
        Assert.That(outcomes.Count(o => o is TagWriteOutcome.Refused), Is.EqualTo(49), string.Join("; ", outcomes.Select(o => o.ToString()).Distinct()));
        var winner = images[Array.FindIndex(outcomes, o => o is TagWriteOutcome.Written)];
        Assert.That(await world.DigestAsync("v1"), Is.EqualTo(winner.Digest));
    }

    [Test]
    public async Task Deleting_a_tag_leaves_the_other_tags_of_its_image()
    {
        await using var world = await RegistryWorld.StartAsync();
        await world.PushAsync("one", ImageBuilder.Small());
        await world.PushAsync("two", ImageBuilder.Small());

        Assert.That(await world.Writes.DeleteTagAsync(RegistryWorld.Id, "one", "ann", default), Is.InstanceOf<TagWriteOutcome.Written>());

        Assert.That(await world.DigestAsync("one"), Is.Null);
        Assert.That(await world.DigestAsync("two"), Is.EqualTo(ImageBuilder.Small().Digest));
        Assert.That(await world.Ledgers.ReadAsync(RegistryWorld.Id, "one", default), Is.Null);
        Assert.That(await world.Writes.DeleteTagAsync(RegistryWorld.Id, "one", "ann", default), Is.InstanceOf<TagWriteOutcome.NotFound>());
    }

    [Test]
    public async Task An_image_is_deleted_with_its_tags_but_not_while_one_of_them_is_immutable()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        await world.PushAsync("v1", ImageBuilder.Small());
        await world.PushAsync("dev", ImageBuilder.Small());
        await world.PushAsync("other", ImageBuilder.Small(2));

        var refused = await world.Writes.DeleteImageAsync(RegistryWorld.Id, ImageBuilder.Small().Digest, "ann", default);
        Assert.That(refused, Is.InstanceOf<TagWriteOutcome.Refused>());
        Assert.That(await world.DigestAsync("dev"), Is.Not.Null);

        Assert.That(await world.Writes.DeleteImageAsync(RegistryWorld.Id, ImageBuilder.Small(2).Digest, "ann", default), Is.InstanceOf<TagWriteOutcome.Written>());
        Assert.That(await world.DigestAsync("other"), Is.Null);
        Assert.That(await world.Ledgers.ReadAsync(RegistryWorld.Id, "other", default), Is.Null);
        Assert.That(await world.Writes.DeleteTagAsync(RegistryWorld.Id, "v1", "ann", default), Is.InstanceOf<TagWriteOutcome.Refused>());
    }

    [Test]
    public async Task What_somebody_claimed_and_did_not_finish_is_finished_before_the_next_write_of_the_tag()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        var image = ImageBuilder.Small(1);
        await image.PushAsync(world.Direct, RegistryWorld.Name);
        await world.Ledgers.UpdateAsync(RegistryWorld.Id, "v1", _ => new TagEntry { Tag = "v1", Claim = Claim(TagWrite.Push, image) }, default);

        Assert.That(await world.PushAsync("v1", ImageBuilder.Small(2)), Is.InstanceOf<TagWriteOutcome.Refused>());

        Assert.That(await world.DigestAsync("v1"), Is.EqualTo(image.Digest));
        Assert.That((await world.Ledgers.ReadAsync(RegistryWorld.Id, "v1", default))!.Author, Is.EqualTo("gone"));
    }

    [Test]
    public async Task The_operator_finishes_what_nobody_else_does()
    {
        await using var world = await RegistryWorld.StartAsync();
        var image = ImageBuilder.Small(1);
        await image.PushAsync(world.Direct, RegistryWorld.Name);
        await world.Ledgers.UpdateAsync(RegistryWorld.Id, "v1", _ => new TagEntry { Tag = "v1", Claim = Claim(TagWrite.Push, image) }, default);

        await world.UntilAsync(async () => await world.DigestAsync("v1") == image.Digest, "the push to be finished");
        await world.UntilAsync(async () => (await world.Ledgers.ReadAsync(RegistryWorld.Id, "v1", default))?.Digest == image.Digest, "the ledger to say so");
    }

    [Test]
    public async Task A_writer_that_was_slow_leaves_what_was_written_after_it()
    {
        await using var world = await RegistryWorld.StartAsync();
        var (slow, fast) = (ImageBuilder.Small(1), ImageBuilder.Small(2));
        await slow.PushAsync(world.Direct, RegistryWorld.Name);
        var claim = Claim(TagWrite.Push, slow);
        await world.Ledgers.UpdateAsync(RegistryWorld.Id, "dev", _ => new TagEntry { Tag = "dev", Claim = claim }, default);
        await world.PushAsync("dev", fast);

        await world.Services.GetRequiredService<ClaimFinisher>().FinishAsync(RegistryWorld.Id, "dev", claim, null, default);

        Assert.That(await world.DigestAsync("dev"), Is.EqualTo(fast.Digest));
        Assert.That((await world.Ledgers.ReadAsync(RegistryWorld.Id, "dev", default))!.Digest, Is.EqualTo(fast.Digest));
    }

    [Test]
    public async Task A_claim_whose_image_is_gone_is_withdrawn()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        await world.Ledgers.UpdateAsync(RegistryWorld.Id, "v1", _ => new TagEntry { Tag = "v1", Claim = Claim(TagWrite.Push, ImageBuilder.Small(1)) }, default);

        Assert.That(await world.PushAsync("v1", ImageBuilder.Small(2)), Is.InstanceOf<TagWriteOutcome.Written>());
        Assert.That(await world.DigestAsync("v1"), Is.EqualTo(ImageBuilder.Small(2).Digest));
    }

    [Test]
    public async Task An_image_without_its_blobs_is_refused_and_claims_nothing()
    {
        await using var world = await RegistryWorld.StartAsync();
        var image = ImageBuilder.Small();

        var outcome = await world.Writes.PushAsync(new TagPush(RegistryWorld.Id, "v1", image.Digest, image.Manifest.MediaType, image.Manifest.Bytes), default);

        Assert.That(outcome, Is.InstanceOf<TagWriteOutcome.Refused>());
        Assert.That(await world.Ledgers.ReadAsync(RegistryWorld.Id, "v1", default), Is.Null);
    }

    [Test]
    public async Task While_the_registry_is_down_a_push_is_unavailable_and_succeeds_afterwards()
    {
        await using var world = await RegistryWorld.StartAsync();
        await world.PushAsync("warm", ImageBuilder.Small(3));
        var image = ImageBuilder.Small();
        await image.PushAsync(world.Direct, RegistryWorld.Name);
        await world.Registry.StopAsync(kill: true);
        var push = new TagPush(RegistryWorld.Id, "v1", image.Digest, image.Manifest.MediaType, image.Manifest.Bytes);

        Assert.That(await world.Writes.PushAsync(push, default), Is.InstanceOf<TagWriteOutcome.Unavailable>());
        await world.Registry.StartAgainAsync();
        Assert.That(await world.Writes.PushAsync(push, default), Is.InstanceOf<TagWriteOutcome.Written>());
    }

    [Test]
    public async Task What_was_pushed_past_the_gateway_is_found_and_said_to_be_so()
    {
        await using var world = await RegistryWorld.StartAsync();
        await world.PushAsync("known", ImageBuilder.Small(1));
        await ImageBuilder.Small(2).PushAsync(world.Direct, RegistryWorld.Name, "stray");
        await world.Cluster.ApplyAsync("apiVersion: portcullis.dev/v1alpha1\nkind: Repository\nmetadata: {name: web, annotations: {portcullis.dev/requestedAt: now}}\nspec: {registry: dtr, name: shop/web}\n");

        await world.UntilAsync(async () => (await world.Ledgers.ReadAsync(RegistryWorld.Id, "stray", default))?.PushedPastGateway == true, "the tag to be found");
        Assert.That((await world.Ledgers.ReadAsync(RegistryWorld.Id, "stray", default))!.Author, Is.Null);
        Assert.That((await world.Ledgers.ReadAsync(RegistryWorld.Id, "known", default))!.PushedPastGateway, Is.Null);
    }

    private static TagClaim Claim(TagWrite write, BuiltImage image) => new()
    {
        Id = "0123", Write = write, Digest = image.Digest, MediaType = image.Manifest.MediaType, Author = "gone", At = TimeProvider.System.GetUtcNow().AddMinutes(-1),
    };
}

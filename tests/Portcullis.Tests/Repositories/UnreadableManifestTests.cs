using Microsoft.Extensions.DependencyInjection;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Repositories.Writes;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Repositories;

/// <summary>
/// A docker-registry that was killed while it stored a manifest answers 500 for its digest, and for each tag that names it, until the same manifest is
/// stored again. What waits for such a manifest is settled by what the tag names.
/// </summary>
public class UnreadableManifestTests
{
    private const string Immutable = "immutability: {rules: [{tags: ['v*']}]}";

    private static readonly ApiResource Events = new("", "v1", "Event", "events", true);
    private static readonly BuiltImage Lost = ImageBuilder.Small(1);
    private static readonly BuiltImage Other = ImageBuilder.Small(2);

    [Test]
    public async Task A_push_of_it_is_withdrawn_before_the_next_image_is_written()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        await LoseAsync(world);
        await ClaimAsync(world, "v1");

        Assert.That(await world.PushAsync("v1", Other), Is.InstanceOf<TagWriteOutcome.Written>());

        Assert.That(await world.DigestAsync("v1"), Is.EqualTo(Other.Digest));
        Assert.That((await world.Ledgers.ReadAsync(RegistryWorld.Id, "v1", default))!.Digest, Is.EqualTo(Other.Digest));
    }

    [Test]
    public async Task The_operator_withdraws_what_nobody_else_does_and_the_repository_says_so()
    {
        await using var world = await RegistryWorld.StartAsync();
        await world.PushAsync("dev", Other);
        await LoseAsync(world);
        await ClaimAsync(world, "dev", isAbandoned: true);

        await world.UntilAsync(async () => await world.Ledgers.ReadAsync(RegistryWorld.Id, "dev", default) is { Claim: null } entry && entry.Digest == Other.Digest, "the claim to be withdrawn");
        await world.UntilAsync(
            async () => await world.Cluster.Client.ListAsync(Events, new ListOptions(), default)
                .AnyAsync(e => e["message"]?.ToString() is { } text && text.Contains("the push of dev is withdrawn: the registry cannot read " + Lost.Digest, StringComparison.Ordinal)),
            "an Event that says so");
        Assert.That(await world.DigestAsync("dev"), Is.EqualTo(Other.Digest));
    }

    [Test]
    public async Task A_tag_that_cannot_be_read_either_names_again_what_it_named_before()
    {
        await using var world = await RegistryWorld.StartAsync();
        await world.PushAsync("dev", Other);
        await Lost.PushAsync(world.Direct, RegistryWorld.Name, "dev");
        await LoseAsync(world);

        Assert.That(await world.Services.GetRequiredService<ClaimFinisher>().FinishAsync(RegistryWorld.Id, "dev", await ClaimAsync(world, "dev"), null, default), Is.InstanceOf<ClaimEnd.Withdrawn>());

        Assert.That(await world.DigestAsync("dev"), Is.EqualTo(Other.Digest));
        Assert.That((await world.Ledgers.ReadAsync(RegistryWorld.Id, "dev", default))!.Digest, Is.EqualTo(Other.Digest));
    }

    [Test]
    public async Task A_tag_that_cannot_be_read_either_and_named_nothing_before_is_removed()
    {
        await using var world = await RegistryWorld.StartAsync();
        await Lost.PushAsync(world.Direct, RegistryWorld.Name, "dev");
        await LoseAsync(world);

        Assert.That(await world.Services.GetRequiredService<ClaimFinisher>().FinishAsync(RegistryWorld.Id, "dev", await ClaimAsync(world, "dev"), null, default), Is.InstanceOf<ClaimEnd.Withdrawn>());

        Assert.That(await world.DigestAsync("dev"), Is.Null);
        Assert.That(await world.Ledgers.ReadAsync(RegistryWorld.Id, "dev", default), Is.Null);
    }

    [Test]
    public async Task The_same_image_pushed_again_finishes_the_push()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        await LoseAsync(world);
        await ClaimAsync(world, "v1");

        Assert.That(await world.PushAsync("v1", Lost), Is.InstanceOf<TagWriteOutcome.Unchanged>().Or.InstanceOf<TagWriteOutcome.Written>());
        Assert.That(await world.DigestAsync("v1"), Is.EqualTo(Lost.Digest));
    }

    [Test]
    public async Task A_tag_that_cannot_be_read_while_its_image_can_is_written_by_a_push_of_the_image()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        await world.PushAsync("v1", Lost);
        await TruncateAsync(world, "tags/v1/current");

        Assert.That(await world.PushAsync("v1", Lost), Is.InstanceOf<TagWriteOutcome.Written>());
        Assert.That(await world.DigestAsync("v1"), Is.EqualTo(Lost.Digest));
    }

    [Test]
    public async Task A_writer_that_comes_after_his_push_was_withdrawn_leaves_no_tag_that_the_ledger_does_not_have()
    {
        await using var world = await RegistryWorld.StartAsync(Immutable);
        var finisher = world.Services.GetRequiredService<ClaimFinisher>();
        await LoseAsync(world);
        var claim = await ClaimAsync(world, "v1");
        Assert.That(await finisher.FinishAsync(RegistryWorld.Id, "v1", claim, null, default), Is.InstanceOf<ClaimEnd.Withdrawn>());

        var late = await finisher.FinishAsync(RegistryWorld.Id, "v1", claim, Lost.Manifest, default);

        Assert.That(late, Is.InstanceOf<ClaimEnd.Overtaken>());
        Assert.That(await world.DigestAsync("v1"), Is.Null);
        Assert.That(await world.Ledgers.ReadAsync(RegistryWorld.Id, "v1", default), Is.Null);
    }

    [Test]
    public async Task A_writer_that_comes_after_his_tag_was_deleted_does_not_bring_it_back()
    {
        await using var world = await RegistryWorld.StartAsync();
        await Other.PushAsync(world.Direct, RegistryWorld.Name);
        var claim = Claim(Other);
        await world.Ledgers.UpdateAsync(RegistryWorld.Id, "dev", _ => new TagEntry { Tag = "dev", Claim = claim }, default);
        Assert.That(await world.Writes.DeleteTagAsync(RegistryWorld.Id, "dev", "ann", default), Is.InstanceOf<TagWriteOutcome.Written>());

        await world.Services.GetRequiredService<ClaimFinisher>().FinishAsync(RegistryWorld.Id, "dev", claim, null, default);

        Assert.That(await world.DigestAsync("dev"), Is.Null);
        Assert.That(await world.Ledgers.ReadAsync(RegistryWorld.Id, "dev", default), Is.Null);
    }

    /// <summary>The image is in the registry, but the link to its manifest was not written to the end.</summary>
    private static async Task LoseAsync(RegistryWorld world)
    {
        await Lost.PushAsync(world.Direct, RegistryWorld.Name);
        await TruncateAsync(world, "revisions/sha256/" + Lost.Digest["sha256:".Length..]);
        Assert.That(async () => await world.DigestAsync(Lost.Digest), Throws.InstanceOf<RegistryException>(), "the registry can read it all the same");
    }

    private static async Task TruncateAsync(RegistryWorld world, string folder) =>
        await File.WriteAllBytesAsync(Path.Combine(world.Registry.DataFolder, "docker/registry/v2/repositories", RegistryWorld.Name, "_manifests", folder, "link"), []);

    /// <param name="world">Where.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="isAbandoned">Whether the operator takes it for the claim of a writer that is gone.</param>
    private static async Task<TagClaim> ClaimAsync(RegistryWorld world, string tag, bool isAbandoned = false)
    {
        var claim = Claim(Lost, isAbandoned);
        await world.Ledgers.UpdateAsync(RegistryWorld.Id, tag, e => (e ?? new TagEntry { Tag = tag }) with { Claim = claim }, default);
        return claim;
    }

    private static TagClaim Claim(BuiltImage image, bool isAbandoned = false) => new()
    {
        Id = "0123", Write = TagWrite.Push, Digest = image.Digest, MediaType = image.Manifest.MediaType, At = TimeProvider.System.GetUtcNow().AddMinutes(isAbandoned ? -1 : 1),
    };
}

using System.Collections.Concurrent;
using System.Net;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Testing;
using Portcullis.Testing.Registries;
using Portcullis.Testing.Servers;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>Against a real docker-registry 2.8.</summary>
[TestFixture]
internal sealed class DockerRegistryTests
{
    private const string Nobody = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private DockerRegistry _registry = null!;
    private RegistryClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Assume.That(DockerRegistry.Missing, Is.Null);
        _registry = await DockerRegistry.StartAsync();
        _client = _registry.Client();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _registry.DisposeAsync();

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_image_is_read_byte_for_byte_as_it_was_pushed(bool docker)
    {
        var builder = new ImageBuilder(1).For("linux", "arm64").WithLayers(2, 5000);
        var image = docker ? builder.AsDocker().Build() : builder.Build();
        await image.PushAsync(_client, "read/image", "1");

        var read = (await _client.Manifests.GetAsync("read/image", "1", default))!;

        Assert.That(read.Bytes.ToArray(), Is.EqualTo(image.Manifest.Bytes.ToArray()));
        Assert.That((read.Digest, read.MediaType), Is.EqualTo((image.Digest, image.Manifest.MediaType)));
        Assert.That(await _client.Manifests.HeadAsync("read/image", "1", default), Is.EqualTo(new ManifestHead(image.Digest, read.MediaType, read.Bytes.Length)));
        Assert.That(read.View().Layers.Select(l => l.Size), Is.EqualTo(new[] { 5000, 5000 }));
        Assert.That(await _client.Blobs.ReadAsync("read/image", read.View().Config!.Digest, 10_000, default), Is.EqualTo(image.Blobs[^1]));
        Assert.That(await ReadAsync("read/image", read.View().Layers[1]), Is.EqualTo(image.Blobs[1]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_index_says_for_which_machine_each_image_is(bool docker)
    {
        var (amd, arm) = (new ImageBuilder(1).WithLayers(1, 100), new ImageBuilder(2).For("linux", "arm64").WithLayers(1, 100));
        var index = docker ? ImageBuilder.Index(true, amd.AsDocker().Build(), arm.AsDocker().Build()) : ImageBuilder.Index(amd.Build(), arm.Build());
        await index.PushAsync(_client, "read/index", "1");

        var view = (await _client.Manifests.GetAsync("read/index", "1", default))!.View();

        Assert.That((view.IsIndex, view.MediaType), Is.EqualTo((true, index.Manifest.MediaType)));
        Assert.That(view.Manifests.Select(m => (m.Digest, $"{m.Platform}")), Is.EqualTo(index.Children.Zip(["linux/amd64", "linux/arm64"], (c, p) => (c.Digest, p))));
    }

    [Test]
    public async Task What_is_not_there_is_null()
    {
        await ImageBuilder.Small().PushAsync(_client, "there/image", "1");

        Assert.That(await _client.Manifests.GetAsync("there/image", "2", default), Is.Null);
        Assert.That(await _client.Manifests.GetAsync("not/there", "1", default), Is.Null);
        Assert.That(await _client.Manifests.HeadAsync("there/image", Nobody, default), Is.Null);
        Assert.That(await _client.Blobs.OpenAsync("there/image", Nobody, 1, default), Is.Null);
        Assert.That(await _client.Blobs.ExistsAsync("there/image", Nobody, default), Is.False);
        Assert.That(await _client.Tags.ListAsync("not/there", default), Is.Null);
        Assert.That(await _client.Manifests.DeleteAsync("there/image", Nobody, default), Is.False);
    }

    [Test]
    public async Task All_tags_are_listed_in_order()
    {
        var image = ImageBuilder.Small();
        string[] tags = ["b", "10", "9", "A", "a", "_x"];
        await image.PushAsync(_client, "list/tags", "z");
        foreach (var tag in tags)
        {
            await _client.Manifests.PutAsync("list/tags", tag, image.Manifest, default);
        }

        Assert.That(await _client.Tags.ListAsync("list/tags", default), Is.EqualTo(new[] { "10", "9", "A", "_x", "a", "b", "z" }));
        Assert.That(await _client.Tags.ListRepositoriesAsync(default), Does.Contain("list/tags"));
    }

    [Test]
    public async Task A_repository_whose_tags_are_deleted_has_none()
    {
        var image = ImageBuilder.Small(7);
        await image.PushAsync(_client, "delete/all", "1");

        Assert.That(await _client.Manifests.DeleteTagAsync("delete/all", "1", default), Is.EqualTo(TagDeletion.Unsupported), "docker-registry 2.8 cannot");
        Assert.That(await _client.Manifests.DeleteAsync("delete/all", image.Digest, default), Is.True);
        Assert.That(await _client.Tags.ListAsync("delete/all", default), Is.Empty);
        Assert.That(await _client.Manifests.DeleteTagAsync("delete/all", "1", default), Is.Not.EqualTo(TagDeletion.Deleted));
    }

    [Test]
    public async Task A_registry_without_deletes_says_so()
    {
        await using var registry = await DockerRegistry.StartAsync(new DockerRegistryOptions { Deletes = false });
        var image = ImageBuilder.Small();
        await image.PushAsync(registry.Client(), "a/b", "1");

        var refused = await Assert.ThrowsAsync<RegistryException>(() => registry.Client().Manifests.DeleteAsync("a/b", image.Digest, default));

        Assert.That((refused!.Kind, refused.Code), Is.EqualTo((RegistryFailure.Unsupported, "UNSUPPORTED")));
    }

    [Test]
    public async Task A_manifest_whose_blobs_are_missing_is_refused_in_the_registrys_words()
    {
        var refused = await Assert.ThrowsAsync<RegistryException>(
            () => _client.Manifests.PutAsync("no/blobs", "1", ImageBuilder.Small(99).Manifest, default));

        Assert.That((refused!.Kind, refused.Code, refused.Status), Is.EqualTo((RegistryFailure.Invalid, "MANIFEST_BLOB_UNKNOWN", (HttpStatusCode?)HttpStatusCode.BadRequest)));
        Assert.That(refused.Message, Does.StartWith($"PUT {_registry.Address}v2/no/blobs/manifests/1: 400 MANIFEST_BLOB_UNKNOWN"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    [TestCase(100_001)]
    [TestCase(1_234_567)]
    public async Task A_blob_of_any_size_arrives_whole(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        var client = _registry.Client(new RegistryClientOptions { ChunkSize = 100_000 });

        await client.Uploads.UploadAsync("upload/sizes", BlobSource.Of(bytes), default);

        Assert.That(await client.Blobs.ExistsAsync("upload/sizes", ContentDigest.Of(bytes), default), Is.True);
        Assert.That(await ReadAsync("upload/sizes", new ImageDescriptor { MediaType = "", Digest = ContentDigest.Of(bytes), Size = size }), Is.EqualTo(bytes));
    }

    [Test]
    public async Task A_blob_that_is_not_what_its_digest_says_is_refused()
    {
        var lie = BlobSource.Of(new byte[10]) with { Digest = Nobody };

        var refused = await Assert.ThrowsAsync<RegistryException>(() => _client.Uploads.UploadAsync("upload/lies", lie, default));

        Assert.That((refused!.Kind, refused.Code), Is.EqualTo((RegistryFailure.Invalid, "DIGEST_INVALID")));
    }

    [Test]
    public async Task A_blob_is_mounted_from_another_repository_or_an_upload_begins()
    {
        var bytes = new byte[1000];
        await _client.Uploads.UploadAsync("mount/from", BlobSource.Of(bytes), default);

        Assert.That(await _client.Blobs.MountAsync("mount/to", ContentDigest.Of(bytes), "mount/from", default), Is.Null);
        Assert.That(await _client.Blobs.ExistsAsync("mount/to", ContentDigest.Of(bytes), default), Is.True);
        var session = (await _client.Blobs.MountAsync("mount/to", Nobody, "mount/from", default))!;
        await _client.Uploads.CancelAsync(session, default);
        await _client.Uploads.CancelAsync(session, default);
        Assert.That((await Assert.ThrowsAsync<RegistryException>(
            () => _client.Uploads.CloseAsync(session, ContentDigest.Of(bytes), bytes, default)))!.Kind, Is.EqualTo(RegistryFailure.NotFound));
    }

    [Test]
    public async Task Referrers_are_found_under_the_fallback_tag()
    {
        var image = ImageBuilder.Small(11);
        await image.PushAsync(_client, "referred/image", "1");
        var signature = new ImageBuilder(12).WithLayers(1, 50).WithAnnotation("by", "ann").BuildReferrer(image.Manifest, "application/x-signature");
        var report = new ImageBuilder(13).WithLayers(1, 50).BuildReferrer(image.Manifest, "application/x-report");
        foreach (var referrer in new[] { signature, report, signature })
        {
            await referrer.PushAsync(_client, "referred/image");
            await _client.Referrers.AttachAsync("referred/image", referrer.Manifest, null, default);
        }

        var all = await _client.Referrers.ListAsync("referred/image", image.Digest, null, default);

        Assert.That(all.Select(d => (d.Digest, d.ArtifactType)), Is.EqualTo(new[] { (signature.Digest, "application/x-signature"), (report.Digest, "application/x-report") }));
        Assert.That(all[0].Annotations["by"], Is.EqualTo("ann"));
        Assert.That((await _client.Referrers.ListAsync("referred/image", image.Digest, "application/x-report", default)).Single().Digest, Is.EqualTo(report.Digest));
        Assert.That(await _client.Referrers.ListAsync("referred/image", Nobody, null, default), Is.Empty);
    }

    [Test]
    public async Task A_push_is_notified()
    {
        var heard = new ConcurrentQueue<string>();
        await using var listener = await LoopbackServer.StartAsync(null, async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            heard.Enqueue($"{context.Request.Headers.Authorization} {await body.ReadToEndAsync()}");
        });
        await using var registry = await DockerRegistry.StartAsync(
            new DockerRegistryOptions { Notifications = new Uri(listener.Address), NotificationsAuthorization = "Bearer n0tify" });
        var image = ImageBuilder.Small();

        await image.PushAsync(registry.Client(), "a/b", "1");

        await Eventually.HoldsAsync(() => heard.Any(h => h.StartsWith("Bearer n0tify ", StringComparison.Ordinal) && h.Contains(image.Digest, StringComparison.Ordinal)));
    }

    [Test]
    public async Task A_password_opens_a_registry_that_asks_for_one()
    {
        await using var registry = await DockerRegistry.StartAsync(new DockerRegistryOptions { Passwords = true });
        var known = registry.Client(new RegistryClientOptions { Credential = new RegistryCredential.Basic(DockerRegistry.User, DockerRegistry.Password) });
        var wrong = registry.Client(new RegistryClientOptions { Credential = new RegistryCredential.Basic(DockerRegistry.User, "wr0ng-passw0rd") });
        await ImageBuilder.Small().PushAsync(known, "a/b", "1");

        Assert.That(await known.Tags.ListAsync("a/b", default), Is.EqualTo(new[] { "1" }));
        var refused = (await Assert.ThrowsAsync<RegistryException>(() => wrong.Tags.ListAsync("a/b", default)))!;
        Assert.That((refused.Kind, refused.Code), Is.EqualTo((RegistryFailure.Unauthorized, "UNAUTHORIZED")));
        Assert.That(refused.ToString(), Does.Not.Contain("wr0ng"));
        Assert.That((await Assert.ThrowsAsync<RegistryException>(() => registry.Client().Tags.ListAsync("a/b", default)))!.Kind, Is.EqualTo(RegistryFailure.Unauthorized));
    }

    private async Task<byte[]> ReadAsync(string repository, ImageDescriptor blob)
    {
        await using var stream = (await _client.Blobs.OpenAsync(repository, blob.Digest, blob.Size, default))!;
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}

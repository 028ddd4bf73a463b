using System.Net;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Copying;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Registries;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>Copies within a real docker-registry, through a proxy that counts and breaks.</summary>
[TestFixture]
internal sealed class ImageCopyTests
{
    private DockerRegistry _registry = null!;
    private FaultProxy _proxy = null!;
    private RegistryClient _direct = null!;
    private RegistryClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Assume.That(DockerRegistry.Missing, Is.Null);
        _registry = await DockerRegistry.StartAsync(new DockerRegistryOptions { RelativeLocations = true });
        _proxy = await FaultProxy.StartAsync(_registry.Address);
        _direct = _registry.Client();
        _client = _registry.Client(_proxy.Address);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _proxy.DisposeAsync();
        await _registry.DisposeAsync();
    }

    private static CopyRequest Request(string reference) =>
        new() { SourceRepository = "team/app", SourceReference = reference, TargetRepository = "released/app", TargetTag = "1.0" };

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_image_takes_its_blobs_and_three_requests_at_most(bool byDigest)
    {
        var image = ImageBuilder.Small(layers: 5);
        await image.PushAsync(_direct, "team/app", "66");

        var outcome = await new ImageCopy(_client).CopyAsync(Request(byDigest ? image.Digest : "66"), default);

        Assert.That(outcome, Is.EqualTo(new CopyOutcome { Digest = image.Digest, Manifests = 1, Mounted = 6 }));
        Assert.That(_proxy.Faults.Seen, Has.Count.EqualTo(6 + 3), string.Join('\n', _proxy.Faults.Seen));
        await ExpectImageAsync(image, "released/app", "1.0");
    }

    [Test]
    public async Task The_same_digest_again_is_one_request()
    {
        var image = ImageBuilder.Small();
        await image.PushAsync(_direct, "team/app", "66");
        await new ImageCopy(_client).CopyAsync(Request(image.Digest), default);
        _proxy.Faults.Reset();

        var outcome = await new ImageCopy(_client).CopyAsync(Request(image.Digest), default);

        Assert.That(outcome, Is.EqualTo(new CopyOutcome { Digest = image.Digest, WasThere = true }));
        Assert.That(_proxy.Faults.Seen.Select(r => r.ToString()), Is.EqualTo(new[] { "HEAD /v2/released/app/manifests/1.0" }));
    }

    [Test]
    public async Task The_target_is_not_asked_when_the_caller_knows_that_it_differs()
    {
        var image = ImageBuilder.Small(layers: 5);
        await image.PushAsync(_direct, "team/app", "66");

        await new ImageCopy(_client).CopyAsync(Request(image.Digest) with { TargetDiffers = true }, default);

        Assert.That(_proxy.Faults.Seen, Has.Count.EqualTo(6 + 2), string.Join('\n', _proxy.Faults.Seen));
        await ExpectImageAsync(image, "released/app", "1.0");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_index_goes_with_its_images_and_what_is_attached(bool nested)
    {
        var images = new[] { ImageBuilder.Small(1), new ImageBuilder(2).For("linux", "arm64").AsDocker().WithLayers(1, 10).Build() };
        var index = ImageBuilder.Index(nested ? [ImageBuilder.Index(images), images[0]] : images);
        await index.PushAsync(_direct, "team/app", "66");
        var signature = await AttachAsync(index.Manifest, 21);
        var countersignature = await AttachAsync(signature.Manifest, 22);
        var report = await AttachAsync(images[1].Manifest, 23);

        var outcome = (await new ImageCopy(_client).CopyAsync(Request("66") with { WithReferrers = true }, default))!;

        Assert.That((outcome.Digest, outcome.Manifests, outcome.Referrers, outcome.Uploaded), Is.EqualTo((index.Digest, nested ? 4 : 3, 3, 0)));
        await ExpectImageAsync(index, "released/app", "1.0");
        await ExpectReferrerAsync(index, signature);
        await ExpectReferrerAsync(signature, countersignature);
        await ExpectReferrerAsync(images[1], report);
    }

    [Test]
    public async Task Referrers_that_came_later_are_brought_after_the_image()
    {
        var image = ImageBuilder.Small();
        await image.PushAsync(_direct, "team/app", "66");
        await new ImageCopy(_client).CopyAsync(Request("66"), default);
        var signature = await AttachAsync(image.Manifest, 31);

        Assert.That((await new ImageCopy(_client).CopyReferrersAsync("team/app", "released/app", image.Digest, null, default)).Referrers, Is.EqualTo(1));

        await ExpectReferrerAsync(image, signature);
    }

    [Test]
    public async Task A_registry_that_mounts_nothing_is_given_the_blobs()
    {
        var image = new ImageBuilder(5).WithLayers(2, 300_000).Build();
        await image.PushAsync(_direct, "team/app", "66");
        using var handler = new NoMounts();
        var client = _registry.Client(_proxy.Address, new RegistryClientOptions { ChunkSize = 100_000 }, handler);

        var outcome = (await new ImageCopy(client).CopyAsync(Request("66"), default))!;

        Assert.That((outcome.Mounted, outcome.Uploaded, outcome.UploadedBytes), Is.EqualTo((0, 3, image.Blobs.Sum(b => (long)b.Length))));
        await ExpectImageAsync(image, "released/app", "1.0");
    }

    [Test]
    public async Task Within_one_repository_only_the_tag_is_written()
    {
        var image = ImageBuilder.Small();
        await image.PushAsync(_direct, "team/app", "66");

        await new ImageCopy(_client).CopyAsync(Request(image.Digest) with { TargetRepository = "team/app", TargetTag = "latest" }, default);

        Assert.That(_proxy.Faults.Seen.Select(r => r.Method), Is.EqualTo(new[] { "HEAD", "GET", "PUT" }));
        Assert.That(await _direct.Tags.ListAsync("team/app", default), Is.EqualTo(new[] { "66", "latest" }));
    }

    [Test]
    public async Task What_is_not_there_is_not_copied()
    {
        await ImageBuilder.Small().PushAsync(_direct, "team/app", "66");

        Assert.That(await new ImageCopy(_client).CopyAsync(Request("67"), default), Is.Null);
        Assert.That(await _direct.Tags.ListAsync("released/app", default), Is.Null);
    }

    [Test]
    public async Task A_registry_that_dies_on_the_way_leaves_no_tag_and_the_next_copy_completes_it()
    {
        var image = ImageBuilder.Small(layers: 5);
        await image.PushAsync(_direct, "team/app", "66");
        _proxy.Faults.KillAt(r => r.Method == "POST", 3, KillMoment.BeforeForward, () => _registry.StopAsync(kill: true).GetAwaiter().GetResult());

        var broken = (await Assert.ThrowsAsync<RegistryException>(() => new ImageCopy(_client).CopyAsync(Request("66"), default)))!;
        await _registry.StartAgainAsync();

        Assert.That((broken.Kind, broken.IsTransient), Is.EqualTo((RegistryFailure.Unavailable, true)), broken.Message);
        Assert.That(await _direct.Manifests.HeadAsync("released/app", "1.0", default), Is.Null);
        await new ImageCopy(_client).CopyAsync(Request("66"), default);
        await ExpectImageAsync(image, "released/app", "1.0");
    }

    [Test]
    public async Task Reads_are_repeated_after_a_failure_inside_the_registry_and_writes_are_not()
    {
        var image = ImageBuilder.Small();
        await image.PushAsync(_direct, "team/app", "66");
        _proxy.Faults.Inject(r => r.Method == "GET", Fault.InternalError, 2);
        _proxy.Faults.Inject(r => r.Method == "PUT", Fault.InternalError, 1);

        var refused = (await Assert.ThrowsAsync<RegistryException>(() => new ImageCopy(_client).CopyAsync(Request("66"), default)))!;

        Assert.That((refused.Kind, refused.Status), Is.EqualTo((RegistryFailure.Unavailable, (HttpStatusCode?)HttpStatusCode.InternalServerError)));
        Assert.That(_proxy.Faults.Count(r => r.Method == "PUT"), Is.EqualTo(1));
        Assert.That(_proxy.Faults.Count(r => r.Method == "GET"), Is.EqualTo(3));
    }

    [Test]
    public async Task The_tag_is_written_by_who_claims_it_and_nothing_else_is()
    {
        var index = ImageBuilder.Index(ImageBuilder.Small(1), ImageBuilder.Small(2));
        await index.PushAsync(_direct, "team/app", "66");
        await AttachAsync(index.Manifest, 41);
        var claims = new Claims(_client.Manifests);

        await new ImageCopy(_client, claims).CopyAsync(Request("66") with { WithReferrers = true }, default);

        Assert.That(claims.Written, Is.EqualTo(new[] { RegistryReferrers.FallbackTag(index.Digest), "1.0" }));
    }

    private async Task<BuiltImage> AttachAsync(RegistryManifest subject, int seed)
    {
        var referrer = new ImageBuilder(seed).WithLayers(1, 40).BuildReferrer(subject, "application/x-test");
        await referrer.PushAsync(_direct, "team/app");
        await _direct.Referrers.AttachAsync("team/app", referrer.Manifest, null, default);
        return referrer;
    }

    private async Task ExpectReferrerAsync(BuiltImage subject, BuiltImage referrer)
    {
        var listed = await _direct.Referrers.ListAsync("released/app", subject.Digest, null, default);
        Assert.That(listed.Select(r => r.Digest), Is.EqualTo(new[] { referrer.Digest }));
        await ExpectImageAsync(referrer, "released/app", referrer.Digest);
    }

    private async Task ExpectImageAsync(BuiltImage image, string repository, string reference)
    {
        Assert.That((await _direct.Manifests.GetAsync(repository, reference, default))?.Bytes.ToArray(), Is.EqualTo(image.Manifest.Bytes.ToArray()));
        foreach (var blob in image.Blobs)
        {
            Assert.That(await _direct.Blobs.ReadAsync(repository, ContentDigest.Of(blob), 10_000_000, default), Is.EqualTo(blob));
        }

        foreach (var child in image.Children)
        {
            await ExpectImageAsync(child, repository, child.Digest);
        }
    }

    /// <summary>Takes the mount off each request, as a registry that cannot mount does.</summary>
    private sealed class NoMounts() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Query.StartsWith("?mount=", StringComparison.Ordinal))
            {
                request.RequestUri = new Uri(request.RequestUri.GetLeftPart(UriPartial.Path));
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Claims(IManifestWriter registry) : IManifestWriter
    {
        public List<string> Written { get; } = [];

        public Task<ManifestReceipt> PutAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken)
        {
            Written.Add(reference);
            return registry.PutAsync(repository, reference, manifest, cancellationToken);
        }
    }
}

using System.Text;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Copying;
using Portcullis.Testing.Registries;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>Manifests that are not what they say.</summary>
[TestFixture]
internal sealed class BadManifestTests
{
    private const string Some = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private ScriptedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync() => _registry = await ScriptedRegistry.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _registry.DisposeAsync();

    private Task<RegistryManifest?> GetAsync(string reference) => _registry.Client().Manifests.GetAsync("a/b", reference, default);

    [Test]
    public async Task A_tag_whose_digest_is_not_the_contents_is_damaged()
    {
        _registry.On("/v2/a/b/manifests/1", 200, "{}", ("Content-Type", RegistryMediaTypes.OciManifest), ("Docker-Content-Digest", Some));

        await ExpectAsync(RegistryFailure.Damaged, $"GET {_registry.Address}/v2/a/b/manifests/1: the content is not that of {Some}", () => GetAsync("1"));
    }

    [Test]
    public async Task A_digest_counts_and_not_what_the_registry_says_of_it()
    {
        _registry.On($"/v2/a/b/manifests/{Some}", 200, "{}", ("Content-Type", RegistryMediaTypes.OciManifest), ("Docker-Content-Digest", ContentDigest.Of("{}"u8)));

        await ExpectAsync(RegistryFailure.Damaged, null, () => GetAsync(Some));
    }

    [TestCase("sha256:short")]
    [TestCase("md5:11111111111111111111111111111111")]
    [TestCase("../../x")]
    public async Task A_digest_of_no_known_form_is_damaged(string digest)
    {
        _registry.On("/v2/a/b/manifests/1", 200, "{}", ("Docker-Content-Digest", digest));

        await ExpectAsync(RegistryFailure.Damaged, null, () => GetAsync("1"));
        await ExpectAsync(RegistryFailure.Damaged, null, () => _registry.Client().Manifests.HeadAsync("a/b", "1", default));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_manifest_of_5_MB_is_refused_whether_it_says_so_or_not(bool says)
    {
        _registry.On("/v2/a/b/manifests/1", async context =>
        {
            context.Response.ContentLength = says ? 5_000_000 : null;
            for (var i = 0; i < 5; i++)
            {
                await context.Response.Body.WriteAsync(new byte[1_000_000], context.RequestAborted);
            }
        });

        await ExpectAsync(RegistryFailure.Refused, $"GET {_registry.Address}/v2/a/b/manifests/1: the answer is larger than 4096 KiB", () => GetAsync("1"));
    }

    [Test]
    public async Task A_manifest_of_5_MB_is_not_sent()
    {
        var large = RegistryManifest.Of(RegistryMediaTypes.OciManifest, new byte[5_000_000]);

        await ExpectAsync(RegistryFailure.Refused, null, () => _registry.Client().Manifests.PutAsync("a/b", "1", large, default));
        Assert.That(_registry.Seen, Is.Empty);
    }

    [Test]
    public async Task A_registry_that_stores_something_else_than_was_sent_is_caught()
    {
        _registry.On("/v2/a/b/manifests/1", 201, "", ("Docker-Content-Digest", Some));

        await ExpectAsync(RegistryFailure.Damaged, null, () => _registry.Client().Manifests.PutAsync("a/b", "1", ImageBuilder.Small().Manifest, default));
    }

    [Test]
    public void An_unknown_media_type_is_taken_for_what_it_lists()
    {
        var view = View("text/plain", $$"""{"mediaType":"application/x-new+json","layers":[{"mediaType":"application/x-old","digest":"{{Some}}","size":7}],"more":[1]}""");

        Assert.That((view.MediaType, view.IsIndex, view.Layers.Single().Size, view.DeclaredSize), Is.EqualTo(("application/x-new+json", false, 7L, 7L)));
    }

    [TestCase("[]", "it is no JSON object")]
    [TestCase("nothing", "is not JSON")]
    [TestCase("""{"layers":[],"layers":[{"digest":"D","size":1}]}""", "means one thing")]
    [TestCase("""{"layers":[{"digest":"D","digest":"D","size":1}]}""", "means one thing")]
    [TestCase("""{"layers":[],"Manifests":[]}""", "the field Manifests is written in another case")]
    [TestCase("""{"layers":[{"digest":"D","Digest":"D","size":1}]}""", "the field Digest is written in another case")]
    [TestCase("""{"layers":[{"digest":"sha256:x","size":1}]}""", "layers[0] has no digest of a known form")]
    [TestCase("""{"layers":[{"digest":"D","size":1},{"digest":"D","size":-1}]}""", "layers[1] has no size, or an impossible one")]
    [TestCase("""{"layers":[{"digest":"D","size":1e300}]}""", "layers[0] has no size, or an impossible one")]
    [TestCase("""{"layers":[{"digest":"D","size":99999999999999999999}]}""", "layers[0] has no size, or an impossible one")]
    [TestCase("""{"layers":{}}""", "layers is no list")]
    [TestCase("""{"layers":[],"manifests":[]}""", "it lists manifests and blobs at once")]
    [TestCase("""{"config":{"digest":"D","size":1},"manifests":[]}""", "it lists manifests and blobs at once")]
    [TestCase("""{"mediaType":"application/vnd.oci.image.index.v1+json","layers":[]}""", "the document application/vnd.oci.image.index.v1+json")]
    [TestCase("""{"manifests":[]}""", "and lists manifests")]
    [TestCase("""{"subject":{"digest":"../x","size":1}}""", "subject has no digest")]
    public void What_is_no_manifest_says_why(string document, string why) => Assert.That(
        () => View(RegistryMediaTypes.OciManifest, document.Replace("\"D\"", $"\"{Some}\"", StringComparison.Ordinal)),
        Throws.TypeOf<RegistryException>().With.Property("Kind").EqualTo(RegistryFailure.Damaged).And.Message.Contains(why));

    [Test]
    public void Sizes_that_add_up_to_no_number_are_no_size() => Assert.That(
        View(RegistryMediaTypes.OciManifest, $$"""{"config":{"digest":"{{Some}}","size":9223372036854775807},"layers":[{"digest":"{{Some.Replace('1', '2')}}","size":9223372036854775807}]}""").DeclaredSize,
        Is.Null);

    [Test]
    public async Task An_index_that_lies_about_a_childs_size_is_not_copied()
    {
        var child = ImageBuilder.Small().Manifest;
        _registry.OnManifest("a/b", child).OnManifest("a/b", IndexOf(Entry(child.Digest, child.Bytes.Length + 1)), "1");

        await ExpectAsync(RegistryFailure.Damaged, $"the manifest {child.Digest} has {child.Bytes.Length} bytes, and is listed with {child.Bytes.Length + 1}", CopyAsync);
        ExpectNothingWritten();
    }

    [Test]
    public async Task An_index_whose_child_is_gone_is_not_copied()
    {
        _registry.OnManifest("a/b", IndexOf(Entry(Some, 10)), "1");

        await ExpectAsync(RegistryFailure.NotFound, $"a/b has no manifest {Some}, which is listed there", CopyAsync);
        ExpectNothingWritten();
    }

    [TestCase(9, true)]
    [TestCase(8, false)]
    public async Task An_index_of_indexes_has_a_bottom(int depth, bool refused)
    {
        var bottom = IndexOf();
        _registry.OnManifest("a/b", bottom);
        for (var i = 0; i < depth; i++)
        {
            bottom = IndexOf(Entry(bottom));
            _registry.OnManifest("a/b", bottom, "1");
        }

        var failed = (await Assert.ThrowsAsync<RegistryException>(CopyAsync))!;

        Assert.That(failed.Kind, Is.EqualTo(refused ? RegistryFailure.TooDeep : RegistryFailure.NotFound), failed.Message);
        Assert.That(_registry.Seen.Any(s => s.StartsWith("PUT", StringComparison.Ordinal)), Is.Not.EqualTo(refused), "the scripted server takes no PUT");
    }

    [Test]
    public async Task An_index_of_a_thousand_images_is_refused()
    {
        var children = Enumerable.Range(0, 1000).Select(i => RegistryManifest.Of(RegistryMediaTypes.OciManifest, Encoding.UTF8.GetBytes($$$"""{"annotations":{"n":"{{{i}}}"}}"""))).ToList();
        children.ForEach(c => _registry.OnManifest("a/b", c).On($"/v2/c/d/manifests/{c.Digest}", 201));
        _registry.OnManifest("a/b", IndexOf([.. children.Select(Entry)]), "1");

        await ExpectAsync(RegistryFailure.TooDeep, null, CopyAsync);
        Assert.That(_registry.Seen.Any(s => s.StartsWith("PUT /v2/c/d/manifests/1", StringComparison.Ordinal)), Is.False);
    }

    [Test]
    public async Task A_child_listed_again_and_again_is_copied_once()
    {
        var child = RegistryManifest.Of(RegistryMediaTypes.OciManifest, "{}"u8.ToArray());
        var inner = IndexOf(Entry(child), Entry(child));
        var outer = IndexOf(Entry(inner), Entry(child), Entry(inner));
        _registry.OnManifest("a/b", child).OnManifest("a/b", inner).OnManifest("a/b", outer, "1")
            .On($"/v2/c/d/manifests/{child.Digest}", 201).On($"/v2/c/d/manifests/{inner.Digest}", 201).On("/v2/c/d/manifests/1", context =>
            {
                context.Response.StatusCode = context.Request.Method == "PUT" ? 201 : 404;
                return Task.CompletedTask;
            });

        await CopyAsync();

        Assert.That(_registry.Seen.Where(s => s.StartsWith("PUT", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            $"PUT /v2/c/d/manifests/{child.Digest}", $"PUT /v2/c/d/manifests/{inner.Digest}", "PUT /v2/c/d/manifests/1",
        }));
    }

    [Test]
    public async Task A_referrer_of_something_else_is_not_copied()
    {
        var image = RegistryManifest.Of(RegistryMediaTypes.OciManifest, "{}"u8.ToArray());
        var stranger = new ImageBuilder().BuildReferrer(ImageBuilder.Small(9).Manifest, "application/x-signature").Manifest;
        _registry.OnManifest("a/b", image, "1").OnManifest("a/b", stranger)
            .On($"/v2/a/b/referrers/{image.Digest}", 200, IndexOf(Entry(stranger)).Bytes.ToArray());

        await ExpectAsync(
            RegistryFailure.Damaged, $"{stranger.Digest} is listed as a referrer of {image.Digest}, and is about something else",
            () => new ImageCopy(_registry.Client()).CopyAsync(Request with { WithReferrers = true }, default));
        ExpectNothingWritten();
    }

    private static CopyRequest Request => new() { SourceRepository = "a/b", SourceReference = "1", TargetRepository = "c/d", TargetTag = "1" };

    private Task<CopyOutcome?> CopyAsync() => new ImageCopy(_registry.Client()).CopyAsync(Request, default);

    private void ExpectNothingWritten() => Assert.That(_registry.Seen.Where(s => !s.StartsWith("GET", StringComparison.Ordinal) && !s.StartsWith("HEAD", StringComparison.Ordinal)), Is.Empty);

    private static ManifestView View(string mediaType, string document) => ManifestView.Read(mediaType, Encoding.UTF8.GetBytes(document));

    private static RegistryManifest IndexOf(params string[] entries) =>
        RegistryManifest.Of(RegistryMediaTypes.OciIndex, Encoding.UTF8.GetBytes("{\"manifests\":[" + string.Join(',', entries) + "]}"));

    private static string Entry(RegistryManifest child) => Entry(child.Digest, child.Bytes.Length, child.MediaType);

    private static string Entry(string digest, int size, string mediaType = RegistryMediaTypes.OciManifest) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{digest}}","size":{{size}}}""";

    private static async Task ExpectAsync(RegistryFailure kind, string? message, Func<Task> call)
    {
        var failed = (await Assert.ThrowsAsync<RegistryException>(call))!;
        Assert.That(failed.Kind, Is.EqualTo(kind), failed.Message);
        Assert.That(failed.Message, Is.EqualTo(message ?? failed.Message));
    }
}

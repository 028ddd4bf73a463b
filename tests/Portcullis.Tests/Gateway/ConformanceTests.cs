using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Portcullis.Clients.Registry;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Gateway;

/// <summary>
/// What the OCI distribution specification 1.1 asks of a registry, endpoint by endpoint, as its conformance suite asks for it: pull, push, content
/// discovery and content management.
/// </summary>
[TestFixture]
internal sealed class ConformanceTests
{
    private const string Base = $"/v2/{GatewayWorld.Name}";

    private GatewayWorld _world = null!;
    private HttpClient _ann = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _world = await GatewayWorld.StartAsync();
        _ann = _world.Client("ann");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _ann?.Dispose();
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task Every_answer_names_the_version_of_the_API_and_refusals_have_the_specifications_body()
    {
        using var ping = await _ann.GetAsync("/v2/");
        using var missing = await _ann.GetAsync($"{Base}/manifests/none");
        using var head = await SendAsync(HttpMethod.Head, $"{Base}/manifests/.INVALID_MANIFEST_NAME");
        using var invalid = await SendAsync(HttpMethod.Get, "/v2/Shop/web/tags/list");
        using var blob = await _ann.GetAsync($"{Base}/blobs/sha256:{new string('0', 64)}");
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(ping.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(ping.Headers.GetValues("Docker-Distribution-Api-Version"), Is.EqualTo(new[] { "registry/2.0" }));
            Assert.That((missing.StatusCode, await CodeAsync(missing)), Is.EqualTo((HttpStatusCode.NotFound, "MANIFEST_UNKNOWN")));
            Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((invalid.StatusCode, await CodeAsync(invalid)), Is.EqualTo((HttpStatusCode.BadRequest, "NAME_INVALID")));
            Assert.That((blob.StatusCode, await CodeAsync(blob)), Is.EqualTo((HttpStatusCode.NotFound, "BLOB_UNKNOWN")));
        });
    }

    [Test]
    public async Task A_blob_is_uploaded_in_one_request_after_a_POST_and_read_whole_or_in_part()
    {
        var bytes = Bytes(1, 100_000);
        using var started = await SendAsync(HttpMethod.Post, $"{Base}/blobs/uploads/", []);
        Assert.That(started.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        using var put = await SendAsync(HttpMethod.Put, $"{LocationOf(started)}&digest={ContentDigest.Of(bytes)}", bytes);
        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(LocationOf(put), Is.EqualTo($"{Base}/blobs/{ContentDigest.Of(bytes)}"));
        using var head = await SendAsync(HttpMethod.Head, LocationOf(put));
        Assert.That((head.StatusCode, head.Content.Headers.ContentLength), Is.EqualTo((HttpStatusCode.OK, (long?)bytes.Length)));
        Assert.That(head.Headers.GetValues("Docker-Content-Digest").Single(), Is.EqualTo(ContentDigest.Of(bytes)));
        Assert.That(await _ann.GetByteArrayAsync(LocationOf(put)), Is.EqualTo(bytes));
        using var request = new HttpRequestMessage(HttpMethod.Get, LocationOf(put));
        request.Headers.Range = new RangeHeaderValue(10, 19);
        using var part = await _ann.SendAsync(request);
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[10..20]));
    }

    [Test]
    public async Task A_POST_with_a_digest_and_a_body_stores_the_blob()
    {
        var bytes = Bytes(2, 1000);
        using var posted = await SendAsync(HttpMethod.Post, $"{Base}/blobs/uploads/?digest={ContentDigest.Of(bytes)}", bytes);
        Assert.That((posted.StatusCode, LocationOf(posted)), Is.EqualTo((HttpStatusCode.Created, $"{Base}/blobs/{ContentDigest.Of(bytes)}")));
        Assert.That(await _ann.GetByteArrayAsync(LocationOf(posted)), Is.EqualTo(bytes));
        using var lie = await SendAsync(HttpMethod.Post, $"{Base}/blobs/uploads/?digest={ContentDigest.Of([1])}", bytes);
        Assert.That((lie.StatusCode, await CodeAsync(lie)), Is.EqualTo((HttpStatusCode.BadRequest, "DIGEST_INVALID")));
    }

    [Test]
    public async Task A_client_that_lost_the_answer_to_a_chunk_goes_on_from_the_location_that_it_has()
    {
        byte[] one = [1, 2, 3], two = [4, 5, 6, 7];
        using var started = await SendAsync(HttpMethod.Post, $"{Base}/blobs/uploads/", []);
        using var lost = await ChunkAsync(LocationOf(started), one, 0);
        using var again = await ChunkAsync(LocationOf(started), one, 0);
        Assert.That((again.StatusCode, RangeOf(again)), Is.EqualTo((HttpStatusCode.RequestedRangeNotSatisfiable, "0-2")));
        using var whole = await SendAsync(HttpMethod.Patch, LocationOf(started), one);
        Assert.That(whole.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable), "without a range it begins where its location says");
        using var status = await _ann.GetAsync(LocationOf(started));
        Assert.That((status.StatusCode, RangeOf(status)), Is.EqualTo((HttpStatusCode.NoContent, "0-2")));
        using var second = await ChunkAsync(LocationOf(status), two, 3);
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        using var put = await SendAsync(HttpMethod.Put, $"{LocationOf(started)}&digest={ContentDigest.Of([.. one, .. two])}", []);
        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Chunks_are_taken_in_order_alone()
    {
        byte[] one = [1, 2, 3], two = [4, 5, 6, 7];
        using var started = await SendAsync(HttpMethod.Post, $"{Base}/blobs/uploads/", []);
        using var early = await ChunkAsync(LocationOf(started), two, 3);
        Assert.That((early.StatusCode, RangeOf(early)), Is.EqualTo((HttpStatusCode.RequestedRangeNotSatisfiable, "0-0")));
        using var first = await ChunkAsync(LocationOf(early), one, 0);
        Assert.That((first.StatusCode, RangeOf(first)), Is.EqualTo((HttpStatusCode.Accepted, "0-2")));
        using var again = await ChunkAsync(LocationOf(first), one, 0);
        Assert.That((again.StatusCode, RangeOf(again)), Is.EqualTo((HttpStatusCode.RequestedRangeNotSatisfiable, "0-2")));
        using var status = await _ann.GetAsync(LocationOf(first));
        Assert.That((status.StatusCode, RangeOf(status)), Is.EqualTo((HttpStatusCode.NoContent, "0-2")));
        using var second = await ChunkAsync(LocationOf(status), two, 3);
        Assert.That((second.StatusCode, RangeOf(second)), Is.EqualTo((HttpStatusCode.Accepted, "0-6")));
        byte[] whole = [.. one, .. two];
        using var put = await SendAsync(HttpMethod.Put, $"{LocationOf(second)}&digest={ContentDigest.Of(whole)}", []);
        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await _ann.GetByteArrayAsync(LocationOf(put)), Is.EqualTo(whole));
    }

    [Test]
    public async Task A_first_chunk_of_one_byte_is_followed_by_the_second_byte()
    {
        using var started = await SendAsync(HttpMethod.Post, $"{Base}/blobs/uploads/", []);
        using var first = await ChunkAsync(LocationOf(started), [9], 0);
        using var status = await _ann.GetAsync(LocationOf(first));
        using var again = await ChunkAsync(LocationOf(status), [9], 0);
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
        using var second = await ChunkAsync(LocationOf(status), [8], 1);
        Assert.That((second.StatusCode, RangeOf(second)), Is.EqualTo((HttpStatusCode.Accepted, "0-1")));
    }

    [Test]
    public async Task An_upload_can_be_cancelled_and_what_lies_about_itself_is_refused()
    {
        using var started = await SendAsync(HttpMethod.Post, $"{Base}/blobs/uploads/", []);
        using var cancelled = await _ann.DeleteAsync(LocationOf(started));
        Assert.That(cancelled.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        using var gone = await _ann.GetAsync(LocationOf(started));
        Assert.That((gone.StatusCode, await CodeAsync(gone)), Is.EqualTo((HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN")));
        using var another = await SendAsync(HttpMethod.Post, $"{Base}/blobs/uploads/", []);
        using var lie = await SendAsync(HttpMethod.Put, $"{LocationOf(another)}&digest={ContentDigest.Of([1])}", [2]);
        Assert.That((lie.StatusCode, await CodeAsync(lie)), Is.EqualTo((HttpStatusCode.BadRequest, "DIGEST_INVALID")));
        using var elsewhere = await _ann.GetAsync(LocationOf(another).Replace(GatewayWorld.Name, "shop/base", StringComparison.Ordinal));
        Assert.That(elsewhere.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "of another repository");
    }

    [Test]
    public async Task A_blob_is_mounted_from_where_the_caller_may_pull_and_uploaded_otherwise()
    {
        var bytes = Bytes(5, 500);
        await _world.Through("ann").Uploads.UploadAsync("shop/base", BlobSource.Of(bytes), default);
        var path = $"{Base}/blobs/uploads/?mount={ContentDigest.Of(bytes)}&from=";
        using var unknown = await SendAsync(HttpMethod.Post, path + "vault/secret", []);
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        using var narrow = _world.Client("ann", $"repository:{GatewayWorld.Name}:pull,push");
        Assert.That(await PullAndPushTests.StatusAsync(narrow, HttpMethod.Post, path + "shop/base"), Is.EqualTo(HttpStatusCode.Accepted), "the token does not cover the source");
        using var mounted = await SendAsync(HttpMethod.Post, path + "shop/base", []);
        Assert.That((mounted.StatusCode, LocationOf(mounted)), Is.EqualTo((HttpStatusCode.Created, $"{Base}/blobs/{ContentDigest.Of(bytes)}")));
    }

    [Test]
    public async Task Tags_are_listed_sorted_and_in_pages()
    {
        var image = ImageBuilder.Small(11);
        foreach (var tag in (string[])["t2", "T1", "t10", "t1"])
        {
            await image.PushAsync(_world.Through("ann"), "shop/base", tag);
        }

        using var all = await _ann.GetAsync("/v2/shop/base/tags/list");
        Assert.That(await TagsAsync(all), Is.EqualTo(new[] { "T1", "t1", "t10", "t2" }));
        Assert.That(all.Headers.Contains("Link"), Is.False);
        using var first = await _ann.GetAsync("/v2/shop/base/tags/list?n=3");
        Assert.That(await TagsAsync(first), Is.EqualTo(new[] { "T1", "t1", "t10" }));
        Assert.That(first.Headers.GetValues("Link").Single(), Is.EqualTo("</v2/shop/base/tags/list?n=3&last=t10>; rel=\"next\""));
        using var rest = await _ann.GetAsync("/v2/shop/base/tags/list?n=3&last=t10");
        Assert.That(await TagsAsync(rest), Is.EqualTo(new[] { "t2" }));
        using var none = await _ann.GetAsync("/v2/shop/base/tags/list?n=0");
        Assert.That((await TagsAsync(none)).Count, Is.Zero);
        using var catalog = await _ann.GetAsync("/v2/_catalog");
        Assert.That(JsonNode.Parse(await catalog.Content.ReadAsStringAsync())!["repositories"]!.AsArray().Select(r => (string)r!), Is.EqualTo(new[] { "shop/base", GatewayWorld.Name }), "not vault/secret");
    }

    [Test]
    public async Task Referrers_are_listed_whatever_the_registry_can_and_filtered_by_type()
    {
        var client = _world.Through("ann");
        var image = ImageBuilder.Small(21);
        await image.PushAsync(client, GatewayWorld.Name, "signed");
        using var empty = await _ann.GetAsync($"{Base}/referrers/{image.Digest}");
        Assert.That((empty.StatusCode, empty.Content.Headers.ContentType!.MediaType), Is.EqualTo((HttpStatusCode.OK, RegistryMediaTypes.OciIndex)));
        var report = new ImageBuilder(22).WithLayers(1, 10).WithAnnotation("made.by", "test").BuildReferrer(image.Manifest, "application/vnd.test.report");
        var signature = new ImageBuilder(23).WithLayers(1, 10).BuildReferrer(image.Manifest, "application/vnd.test.signature");
        foreach (var blob in report.Blobs.Concat(signature.Blobs))
        {
            await client.Uploads.UploadAsync(GatewayWorld.Name, BlobSource.Of(blob), default);
        }

        using var put = await PutManifestAsync(report.Digest, report.Manifest);
        Assert.That((put.StatusCode, put.Headers.GetValues("OCI-Subject").Single()), Is.EqualTo((HttpStatusCode.Created, image.Digest)));
        using var byTag = await PutManifestAsync("a-signature", signature.Manifest);
        Assert.That((byTag.StatusCode, byTag.Headers.GetValues("OCI-Subject").Single()), Is.EqualTo((HttpStatusCode.Created, image.Digest)));

        using var all = await _ann.GetAsync($"{Base}/referrers/{image.Digest}");
        var found = JsonNode.Parse(await all.Content.ReadAsStringAsync())!["manifests"]!.AsArray();
        Assert.That(found.Select(m => (string)m!["digest"]!), Is.EquivalentTo(new[] { report.Digest, signature.Digest }));
        Assert.That((string)found.Single(m => (string)m!["digest"]! == report.Digest)!["annotations"]!["made.by"]!, Is.EqualTo("test"));
        Assert.That(all.Headers.Contains("OCI-Filters-Applied"), Is.False);
        using var some = await _ann.GetAsync($"{Base}/referrers/{image.Digest}?artifactType=application/vnd.test.report");
        Assert.That(JsonNode.Parse(await some.Content.ReadAsStringAsync())!["manifests"]!.AsArray().Select(m => (string)m!["digest"]!), Is.EqualTo(new[] { report.Digest }));
        Assert.That(some.Headers.GetValues("OCI-Filters-Applied").Single(), Is.EqualTo("artifactType"));

        using var deleted = await _ann.DeleteAsync($"{Base}/manifests/{report.Digest}");
        Assert.That(deleted.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        using var left = await _ann.GetAsync($"{Base}/referrers/{image.Digest}");
        Assert.That(JsonNode.Parse(await left.Content.ReadAsStringAsync())!["manifests"]!.AsArray().Select(m => (string)m!["digest"]!), Is.EqualTo(new[] { signature.Digest }));
    }

    [Test]
    public async Task A_tag_is_deleted_alone_and_an_image_with_all_its_tags()
    {
        var image = ImageBuilder.Small(31);
        foreach (var tag in (string[])["one", "two", "three"])
        {
            await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, tag);
        }

        using var tagged = await _ann.DeleteAsync($"{Base}/manifests/one");
        Assert.That(tagged.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await ManifestAsync("one"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await ManifestAsync("two"), Is.EqualTo(HttpStatusCode.OK));
        using var again = await _ann.DeleteAsync($"{Base}/manifests/one");
        Assert.That((again.StatusCode, await CodeAsync(again)), Is.EqualTo((HttpStatusCode.NotFound, "MANIFEST_UNKNOWN")));
        using var whole = await _ann.DeleteAsync($"{Base}/manifests/{image.Digest}");
        Assert.That(whole.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await ManifestAsync("two"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await ManifestAsync(image.Digest), Is.EqualTo(HttpStatusCode.NotFound));
        using var blob = await _ann.DeleteAsync($"{Base}/blobs/{ContentDigest.Of(image.Blobs[0])}");
        Assert.That(blob.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    private async Task<HttpStatusCode> ManifestAsync(string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Base}/manifests/{reference}");
        request.Headers.TryAddWithoutValidation("Accept", RegistryMediaTypes.OciManifest);
        using var response = await _ann.SendAsync(request);
        return response.StatusCode;
    }

    internal static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())?["errors"]?[0]?["code"];

    private static string LocationOf(HttpResponseMessage response) => response.Headers.Location!.OriginalString;

    private static string RangeOf(HttpResponseMessage response) => response.Headers.NonValidated["Range"].ToString();

    private static async Task<IReadOnlyList<string>> TagsAsync(HttpResponseMessage response) =>
        [.. JsonNode.Parse(await response.Content.ReadAsStringAsync())!["tags"]!.AsArray().Select(t => (string)t!)];

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body = null) =>
        _ann.SendAsync(new HttpRequestMessage(method, path) { Content = body is null ? null : Content(body) });

    private Task<HttpResponseMessage> ChunkAsync(string location, byte[] chunk, int from)
    {
        var content = Content(chunk);
        content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{from}-{from + chunk.Length - 1}"));
        return _ann.SendAsync(new HttpRequestMessage(HttpMethod.Patch, location) { Content = content });
    }

    private Task<HttpResponseMessage> PutManifestAsync(string reference, RegistryManifest manifest)
    {
        var content = new ByteArrayContent(manifest.Bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(manifest.MediaType);
        return _ann.SendAsync(new HttpRequestMessage(HttpMethod.Put, $"{Base}/manifests/{reference}") { Content = content });
    }

    private static ByteArrayContent Content(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Registries;
using Portcullis.Repositories.Writes;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Gateway;

/// <summary>Manifests that are not what they say, and tags that must not change.</summary>
[TestFixture]
internal sealed class BadPushTests
{
    private const string Manifests = $"/v2/{GatewayWorld.Name}/manifests/";

    private GatewayWorld _world = null!;
    private HttpClient _ann = null!;
    private BuiltImage _image = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _world = await GatewayWorld.StartAsync("immutability: {rules: [{tags: ['v*']}]}");
        _ann = _world.Client("ann");
        _image = ImageBuilder.Small(1);
        await _image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "v1");
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

    [TestCase("", "application/json", 400, "MANIFEST_INVALID")]
    [TestCase("{", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("[]", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"layers":[]}""", null, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":1,"name":"x"}""", "application/vnd.docker.distribution.manifest.v1+prettyjws", 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","layers":[]}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":1,"layers":[]}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"layers":[]}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"manifests":[],"layers":[]}""", RegistryMediaTypes.OciIndex, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"mediaType":"application/vnd.example+json"}""", "application/vnd.example+json", 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:00","size":1},"layers":[]}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b","size":-1},"layers":[]}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b","size":1},"layers":[]}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_BLOB_UNKNOWN")]
    [TestCase("""{"schemaVersion":2,"layers":[],"annotations":{"a":"\ud800"}}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"layers":[],"annotations":{"\ud800":"a"}}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"layers":[],"artifactType":"\udc00\ud800"}""", RegistryMediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"manifests":[],"else":[{"platform":{"os":"\ud800"}}]}""", RegistryMediaTypes.OciIndex, 400, "MANIFEST_INVALID")]
    [TestCase("""{"schemaVersion":2,"artifactType":"application/vnd.portcullis.decision.v1+json","layers":[]}""", RegistryMediaTypes.OciManifest, 403, "DENIED")]
    [TestCase("""{"schemaVersion":2,"layers":[{"mediaType":"application/vnd.portcullis.promotion.v1+json","digest":"sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b","size":1}]}""", RegistryMediaTypes.OciManifest, 403, "DENIED")]
    public async Task A_manifest_that_cannot_be_used_is_refused_and_no_tag_names_it(string body, string? type, int status, string code)
    {
        using var response = await PutAsync("bad", Encoding.UTF8.GetBytes(body), type);
        Assert.That(((int)response.StatusCode, await ConformanceTests.CodeAsync(response)), Is.EqualTo((status, code)));
        using var read = await _ann.GetAsync(Manifests + "bad");
        Assert.That(read.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("annotations\":{\"a\":\"\u00ff\"}")]
    [TestCase("artifactType\":\"\u00ff\"")]
    [TestCase("else\":\"\u00ff\"")]
    public async Task A_manifest_with_bytes_that_are_no_UTF_8_is_refused(string field)
    {
        using var response = await PutAsync("bytes", Encoding.Latin1.GetBytes($"{{\"schemaVersion\":2,\"layers\":[],\"{field}}}"), RegistryMediaTypes.OciManifest);
        Assert.That(((int)response.StatusCode, await ConformanceTests.CodeAsync(response)), Is.EqualTo((400, "MANIFEST_INVALID")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_manifest_of_five_megabytes_is_refused_however_it_is_sent(bool announced)
    {
        var bytes = new byte[5 * 1024 * 1024];
        using var content = announced ? new ByteArrayContent(bytes) : (HttpContent)new StreamContent(new UnknownLength(bytes));
        content.Headers.ContentType = new MediaTypeHeaderValue(RegistryMediaTypes.OciManifest);
        using var response = await _ann.PutAsync(Manifests + "large", content);
        Assert.That((response.StatusCode, await ConformanceTests.CodeAsync(response)), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID")));
    }

    [Test]
    public async Task A_manifest_under_the_digest_of_another_one_is_refused()
    {
        using var response = await PutAsync($"sha256:{new string('1', 64)}", _image.Manifest.Bytes.ToArray(), _image.Manifest.MediaType);
        Assert.That((response.StatusCode, await ConformanceTests.CodeAsync(response)), Is.EqualTo((HttpStatusCode.BadRequest, "DIGEST_INVALID")));
    }

    [TestCase(RegistryMediaTypes.OciManifest, 400)]
    [TestCase("application/vnd.oci.image.layer.v1.tar+gzip", 201)]
    public async Task An_index_that_lists_a_blob_as_a_manifest_is_refused_and_one_of_a_builds_cache_is_taken(string type, int status)
    {
        var body = $$"""{"schemaVersion":2,"mediaType":"{{RegistryMediaTypes.OciIndex}}","manifests":[{"mediaType":"{{type}}","digest":"{{ContentDigest.Of(_image.Blobs[0])}}","size":{{_image.Blobs[0].Length}}}]}""";
        using var response = await PutAsync("cache", Encoding.UTF8.GetBytes(body), RegistryMediaTypes.OciIndex);
        Assert.That((int)response.StatusCode, Is.EqualTo(status), await response.Content.ReadAsStringAsync());
        Assert.That(status == 201 ? null : await ConformanceTests.CodeAsync(response), Is.EqualTo(status == 201 ? null : "MANIFEST_INVALID"));
    }

    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("DELETE")]
    public async Task A_blob_is_no_manifest(string method)
    {
        foreach (var blob in _image.Blobs)
        {
            using var response = await _ann.SendAsync(new HttpRequestMessage(new HttpMethod(method), Manifests + ContentDigest.Of(blob)));
            var text = await response.Content.ReadAsStringAsync();
            Assert.That((int)response.StatusCode, Is.EqualTo(404), text);
            Assert.That(text, Does.Not.Contain(_world.Registry.Address.Authority));
        }
    }

    [TestCase(0)]
    [TestCase(2)]
    public async Task A_manifest_that_lies_about_the_size_of_a_blob_is_refused(int difference)
    {
        var (digest, size) = (ContentDigest.Of(_image.Blobs[0]), _image.Blobs[0].Length + difference);
        var config = $$"""{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{digest}}","size":{{size}}""";
        var body = $$"""{"schemaVersion":2,"mediaType":"{{RegistryMediaTypes.OciManifest}}","config":""" + config + "},\"layers\":[]}";
        using var response = await PutAsync("sized", Encoding.UTF8.GetBytes(body), RegistryMediaTypes.OciManifest);
        var expected = difference == 0 ? (HttpStatusCode.Created, null) : (HttpStatusCode.BadRequest, "SIZE_INVALID");
        Assert.That((response.StatusCode, difference == 0 ? null : await ConformanceTests.CodeAsync(response)), Is.EqualTo(expected));
    }

    [Test]
    public async Task An_immutable_tag_is_neither_overwritten_nor_deleted_and_takes_the_same_image_again()
    {
        var other = ImageBuilder.Small(2);
        await other.PushAsync(_world.Through("ann"), GatewayWorld.Name, "latest");
        using var overwrite = await PutAsync("v1", other.Manifest.Bytes.ToArray(), other.Manifest.MediaType);
        Assert.That(await overwrite.Content.ReadAsStringAsync(), Does.Contain($"tag=v1 cannot be overwritten because {_world.Host}/{GatewayWorld.Name} is an immutable repository"));
        using var same = await PutAsync("v1", _image.Manifest.Bytes.ToArray(), _image.Manifest.MediaType);
        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        using var tag = await _ann.DeleteAsync(Manifests + "v1");
        using var image = await _ann.DeleteAsync(Manifests + _image.Digest);
        Assert.That(((int)tag.StatusCode, (int)image.StatusCode), Is.EqualTo((409, 409)));
        using var free = await _ann.DeleteAsync(Manifests + "latest");
        Assert.That(free.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task A_list_of_referrers_only_grows_and_is_not_deleted_by_its_tag()
    {
        var subject = $"sha256-{_image.Digest["sha256:".Length..]}";
        var report = new ImageBuilder(4).WithLayers(1, 10).BuildReferrer(_image.Manifest, "application/vnd.test.report");
        await report.PushAsync(_world.Through("ann"), GatewayWorld.Name);
        var empty = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{RegistryMediaTypes.OciIndex}}","manifests":[]}""");
        using var shrunk = await PutAsync(subject, empty, RegistryMediaTypes.OciIndex);
        using var replaced = await PutAsync(subject, _image.Manifest.Bytes.ToArray(), _image.Manifest.MediaType);
        using var deleted = await _ann.DeleteAsync(Manifests + subject);
        Assert.That((shrunk.StatusCode, (int)replaced.StatusCode, deleted.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, 400, HttpStatusCode.Forbidden)));
        using var list = await _ann.GetAsync($"/v2/{GatewayWorld.Name}/referrers/{_image.Digest}");
        Assert.That(await list.Content.ReadAsStringAsync(), Does.Contain(report.Digest));
    }

    [Test]
    public async Task A_list_of_referrers_that_a_client_writes_names_only_those_of_our_artifacts_that_are_in_it_and_names_them_as_they_are()
    {
        const string Decision = "application/vnd.portcullis.promotion.v1+json";
        var image = ImageBuilder.Small(70);
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name);
        var (own, forged) = (new ImageBuilder(71).WithLayers(1, 10).BuildReferrer(image.Manifest, Decision), new ImageBuilder(72).WithLayers(1, 10).BuildReferrer(image.Manifest, "application/vnd.test.report"));
        await forged.PushAsync(_world.Through("ann"), GatewayWorld.Name);
        var tag = $"sha256-{image.Digest["sha256:".Length..]}";
        var (decision, report) = (Entry(own, Decision), Entry(forged, "application/vnd.test.report"));
        Assert.That(await ListedAsync(tag, Entry(forged, Decision)), Is.EqualTo(403), "what a client pushed is said to be a decision");

        var services = _world.Gateways[0].Services;
        await own.PushAsync(await services.GetRequiredService<RegistryConnections>().GetAsync("dtr", default), GatewayWorld.Name);
        var entered = await services.GetRequiredService<ITagWrites>().AmendAsync(
            new TagAmendment(new RepositoryId("dtr", GatewayWorld.Name), tag, present => new TagChange.Write(ReferrersIndex.With(present, own.Manifest)!)), default);
        Assert.That(entered, Is.InstanceOf<TagWriteOutcome.Written>(), "Portcullis itself enters one");
        Assert.Multiple(async () =>
        {
            Assert.That(await ListedAsync(tag, report, decision, Entry(forged, Decision)), Is.EqualTo(403), "a second one");
            Assert.That(await ListedAsync(tag, report, Entry(own, "application/vnd.test.other")), Is.EqualTo(403), "hidden under another type");
            Assert.That(await ListedAsync(tag, report, decision.Replace("}", ",\"annotations\":{\"a\":\"b\"}}", StringComparison.Ordinal)), Is.EqualTo(403), "said to be something else");
            Assert.That(await ListedAsync(tag, decision, report, Entry(_image, "application/vnd.test.more")), Is.EqualTo(201), "what is there stays, and another one is added");
        });
    }

    [Test]
    public async Task Many_referrers_pushed_at_once_are_all_listed()
    {
        var image = ImageBuilder.Small(50);
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "many");
        var reports = Enumerable.Range(0, 8).Select(i => new ImageBuilder(60 + i).WithLayers(1, 10).BuildReferrer(image.Manifest, "application/vnd.test.report")).ToList();
        await Task.WhenAll(reports.Select(r => r.PushAsync(_world.Through("ann"), GatewayWorld.Name)));
        using var list = await _ann.GetAsync($"/v2/{GatewayWorld.Name}/referrers/{image.Digest}");
        var text = await list.Content.ReadAsStringAsync();
        Assert.That(reports.Where(r => !text.Contains(r.Digest, StringComparison.Ordinal)), Is.Empty);
    }

    private static string Entry(BuiltImage image, string type) =>
        $$"""{"mediaType":"{{image.Manifest.MediaType}}","digest":"{{image.Digest}}","size":{{image.Manifest.Bytes.Length}},"artifactType":"{{type}}"}""";

    private static byte[] ListOf(params string[] entries) =>
        Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{RegistryMediaTypes.OciIndex}}","manifests":[{{string.Join(',', entries)}}]}""");

    private async Task<int> ListedAsync(string tag, params string[] entries)
    {
        using var response = await PutAsync(tag, ListOf(entries), RegistryMediaTypes.OciIndex);
        return (int)response.StatusCode;
    }

    private async Task<HttpResponseMessage> PutAsync(string reference, byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return await _ann.SendAsync(new HttpRequestMessage(HttpMethod.Put, Manifests + reference) { Content = content });
    }

    /// <summary>Sent in pieces, because nobody knows how long it is.</summary>
    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

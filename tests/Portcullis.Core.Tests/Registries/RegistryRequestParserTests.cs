using Portcullis.Core.Registries.Requests;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Core.Tests.Registries;

/// <summary>The paths of the OCI distribution specification 1.1, and what only looks like one.</summary>
[TestFixture]
internal sealed class RegistryRequestParserTests
{
    private const string Digest = "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b";

    [TestCase("?service=dtr&scope=repository:a/b:pull&scope=repository:a/c:pull")]
    [TestCase("?scope=repository:a/b:pull%2Cpush&account=ann")]
    [TestCase("")]
    public void A_token_may_be_asked_for_with_several_scopes(string query) =>
        Assert.That(RegistryRequestParser.Parse("GET", "/token", query), Is.EqualTo(new RegistryRequest.Token()));

    [Test]
    public void Every_endpoint_of_the_specification_is_read() => Assert.Multiple(() =>
    {
        Assert.That(Read("GET /v2/"), Is.EqualTo(new Ping()));
        Assert.That(Read("GET /v2/_catalog?n=5&last=a"), Is.EqualTo(new Catalog(new RegistryPage(5, "a"))));
        Assert.That(Read("GET /v2/acme/web/tags/list?n=0"), Is.EqualTo(new Tags("acme/web", new RegistryPage(0, null))));
        Assert.That(Read("HEAD /v2/acme/web/manifests/1.0"), Is.EqualTo(new GetManifest("acme/web", "1.0", true)));
        Assert.That(Read($"PUT /v2/acme/web/manifests/{Digest}"), Is.EqualTo(new PutManifest("acme/web", Digest)));
        Assert.That(Read("DELETE /v2/acme/web/manifests/1.0"), Is.EqualTo(new DeleteManifest("acme/web", "1.0")));
        Assert.That(Read($"GET /v2/acme/web/blobs/{Digest}"), Is.EqualTo(new GetBlob("acme/web", Digest, false)));
        Assert.That(Read($"DELETE /v2/acme/web/blobs/{Digest}"), Is.EqualTo(new DeleteBlob("acme/web", Digest)));
        Assert.That(Read("POST /v2/acme/web/blobs/uploads/"), Is.EqualTo(new StartUpload("acme/web", null, null)));
        Assert.That(Read($"POST /v2/acme/web/blobs/uploads/?digest={Digest}"), Is.EqualTo(new StartUpload("acme/web", Digest, null)));
        Assert.That(
            Read($"POST /v2/acme/web/blobs/uploads/?mount={Digest}&from=acme/base"), Is.EqualTo(new StartUpload("acme/web", null, new BlobMount(Digest, "acme/base"))));
        Assert.That(Read("PATCH /v2/acme/web/blobs/uploads/u-1?_state=x%3D&_offset=7"), Is.EqualTo(new PatchUpload("acme/web", new UploadLocation("u-1", "?_state=x%3D", 7))));
        Assert.That(Read($"PUT /v2/acme/web/blobs/uploads/u-1?digest={Digest}"), Is.EqualTo(new PutUpload("acme/web", new UploadLocation("u-1", "", null), Digest)));
        Assert.That(Read("GET /v2/acme/web/blobs/uploads/u-1"), Is.EqualTo(new GetUpload("acme/web", new UploadLocation("u-1", "", null))));
        Assert.That(Read("DELETE /v2/acme/web/blobs/uploads/u-1"), Is.EqualTo(new CancelUpload("acme/web", new UploadLocation("u-1", "", null))));
        Assert.That(
            Read($"GET /v2/acme/web/referrers/{Digest}?artifactType=application/vnd.a+json"), Is.EqualTo(new Referrers("acme/web", Digest, "application/vnd.a+json")));
    });

    [TestCase("GET", "tuf/root.json", TrustDataAction.Read)]
    [TestCase("GET", "tuf/7.snapshot.json", TrustDataAction.Read)]
    [TestCase("GET", "tuf/targets/releases.0000000000000000000000000000000000000000000000000000000000000000.json", TrustDataAction.Read)]
    [TestCase("GET", "tuf/timestamp.key", TrustDataAction.Read)]
    [TestCase("GET", "changefeed", TrustDataAction.Read)]
    [TestCase("POST", "tuf/", TrustDataAction.Publish)]
    [TestCase("POST", "tuf/snapshot.key", TrustDataAction.RotateKey)]
    [TestCase("DELETE", "tuf/", TrustDataAction.Delete)]
    public void The_paths_of_a_Notary_server_are_read(string method, string path, TrustDataAction action) => Assert.That(
        Read($"{method} /v2/dtr.example.com:8443/acme/web/_trust/{path}"), Is.EqualTo(new TrustData("dtr.example.com:8443", "acme/web", path, action, "")));

    [TestCase("GET /v2/acme/web/_trust/../../x/manifests/1")]
    [TestCase("GET /v2/dtr.example.com/acme/web/_trust/tuf/targets/../root.json")]
    [TestCase("GET /v2/dtr.example.com/acme/web/_trust/tuf/other.json")]
    [TestCase("PUT /v2/dtr.example.com/acme/web/_trust/tuf/root.json")]
    [TestCase("GET /v2/_trust/changefeed")]
    [TestCase("GET /v2/*/_trust/tuf/root.json")]
    public void Other_paths_of_trust_data_are_refused(string request) => Assert.That(Read(request), Is.TypeOf<Invalid>());

    [TestCase("GET /v2/acme%2Fweb/manifests/1")]
    [TestCase("GET /v2/acme/../other/manifests/1")]
    [TestCase("GET /v2/./acme/manifests/1")]
    [TestCase("GET /v2//acme/web/manifests/1")]
    [TestCase("GET /v2/acme//web/manifests/1")]
    [TestCase("GET //v2/acme/web/manifests/1")]
    [TestCase("GET /v2/Acme/web/manifests/1")]
    [TestCase("GET /v2/acme/web-/manifests/1")]
    [TestCase("GET /v2/acme/*/manifests/1")]
    [TestCase("GET /v2/acme\\web/manifests/1")]
    [TestCase("GET /v2/manifests/1")]
    [TestCase("GET /V2/acme/web/manifests/1")]
    [TestCase("GET http://elsewhere/v2/acme/web/manifests/1")]
    [TestCase("GET /v2/acme/web/manifests/1/2")]
    [TestCase("GET /v2/acme/web/manifests/")]
    [TestCase("PUT /v2/acme/web/manifests/-1")]
    [TestCase("PUT /v2/acme/web/manifests/sha256:00")]
    [TestCase("GET /v2/acme/web/blobs/sha256:6C3C624B58DBBCD3C0DD82B4C53F04194D1247C6EEBDAAB7C610CF7D66709B3B")]
    [TestCase("GET /v2/acme/web/blobs/md5:6c3c624b58dbbcd3c0dd82b4c53f0419")]
    [TestCase("GET /v2/acme/web/blobs/uploads/..")]
    [TestCase("GET /v2/acme/web/blobs/uploads/u;1")]
    [TestCase("GET /v2/acme/web/blobs/uploads/u?_offset=-1")]
    [TestCase("GET /v2/acme/web/blobs/uploads/u?_state=a&_state=b")]
    [TestCase("GET /v2/acme/web/blobs/uploads/u?_state=%0d%0aHost:")]
    [TestCase("GET /v2/acme/web/blobs/uploads/u?_state=%zz")]
    [TestCase("PUT /v2/acme/web/blobs/uploads/u")]
    [TestCase("POST /v2/acme/web/blobs/uploads/?mount=sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b&from=../other")]
    [TestCase("POST /v2/acme/web/blobs/uploads/?mount=x&from=acme/base")]
    [TestCase("GET /v2/acme/web/tags/list?n=-1")]
    [TestCase("GET /v2/acme/web/tags/list?n=99999999999999")]
    [TestCase("GET /v2/acme/web/referrers/sha256:xyz")]
    [TestCase("PATCH /v2/acme/web/manifests/1")]
    [TestCase("DELETE /v2/_catalog")]
    [TestCase("GET /")]
    [TestCase("GET /admin")]
    public void What_is_none_of_its_paths_is_refused(string request) => Assert.That(Read(request), Is.TypeOf<Invalid>());

    [TestCase("GET /v2/acme/web/manifests/1.0?x=1", "/v2/acme/web/manifests/1.0")]
    [TestCase("GET /v2/acme/web/tags/list?n=5", "/v2/acme/web/tags/list")]
    [TestCase("POST /v2/acme/web/blobs/uploads/?mount=x", null)]
    [TestCase("PUT /v2/acme/web/blobs/uploads/u?_state=a%2Fb&_offset=3&digest=" + Digest, "/v2/acme/web/blobs/uploads/u?_state=a%2Fb&digest=sha256%3A6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b")]
    [TestCase("PUT /v2/acme/web/blobs/uploads/u?_state=a&mount=" + Digest + "&from=vault/secret&x=1&digest=" + Digest, "/v2/acme/web/blobs/uploads/u?_state=a&digest=sha256%3A6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b")]
    [TestCase("PATCH /v2/acme/web/blobs/uploads/u?mount=" + Digest + "&from=vault/secret", "/v2/acme/web/blobs/uploads/u")]
    [TestCase("POST /v2/acme/web/blobs/uploads/?from=acme/base", "/v2/acme/web/blobs/uploads/")]
    public void What_is_forwarded_is_written_from_what_was_read(string request, string? target) => Assert.That(Read(request).Target, Is.EqualTo(target));

    [Test]
    public void A_read_of_what_cannot_be_a_tag_finds_nothing() => Assert.Multiple(() =>
    {
        Assert.That(((Invalid)Read("GET /v2/acme/web/manifests/.INVALID_MANIFEST_NAME")).Error.Status, Is.EqualTo(404));
        Assert.That(((Invalid)Read("PUT /v2/acme/web/manifests/.INVALID_MANIFEST_NAME")).Error.Code, Is.EqualTo("MANIFEST_INVALID"));
        Assert.That(((Invalid)Read("GET /v2/acme/web/referrers/nothing")).Error.Status, Is.EqualTo(400));
        Assert.That(((Invalid)Read("PATCH /v2/acme/web/tags/list")).Error.Status, Is.EqualTo(405));
    });

    [Test]
    public void A_name_may_have_the_words_of_the_paths_in_it() => Assert.Multiple(() =>
    {
        Assert.That(Read("GET /v2/tags/list/tags/list"), Is.EqualTo(new Tags("tags/list", new RegistryPage(null, null))));
        Assert.That(Read("GET /v2/a/blobs/uploads/manifests/manifests/x"), Is.EqualTo(new GetManifest("a/blobs/uploads/manifests", "x", false)));
    });

    [Test]
    public void A_page_begins_after_the_last_entry_and_names_the_next_one_only_when_there_is_more() => Assert.Multiple(() =>
    {
        string[] tags = ["b", "a", "C", "10", "9"];
        Assert.That(new RegistryPage(2, null).Of(tags), Is.EqualTo((new[] { "10", "9" }, "9")));
        Assert.That(new RegistryPage(2, "C").Of(tags), Is.EqualTo((new[] { "a", "b" }, (string?)null)));
        Assert.That(new RegistryPage(0, null).Of(tags), Is.EqualTo((Array.Empty<string>(), (string?)null)));
        Assert.That(new RegistryPage(null, "not there").Of(["a", "z"]), Is.EqualTo((new[] { "z" }, (string?)null)));
    });

    [TestCase("0-9", 0, 9)]
    [TestCase("bytes 10-19/100", 10, 19)]
    [TestCase("5-4", null, null)]
    [TestCase("-5", null, null)]
    [TestCase("0-", null, null)]
    [TestCase("0-9223372036854775807", null, null)]
    [TestCase("+1-2", null, null)]
    public void A_chunks_range_is_read(string text, long? first, long? last) => Assert.That(
        ContentRange.Parse(text), Is.EqualTo(first is null ? null : (ContentRange?)new ContentRange(first.Value, last!.Value)));

    private static RegistryRequest Read(string request)
    {
        var method = request[..request.IndexOf(' ', StringComparison.Ordinal)];
        var target = request[(method.Length + 1)..];
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return RegistryRequestParser.Parse(method, query < 0 ? target : target[..query], query < 0 ? null : target[query..]);
    }
}

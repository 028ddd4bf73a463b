using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Http.Egress;
using Portcullis.Testing.Servers;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>Answers that lead elsewhere, never end, or never come.</summary>
[TestFixture]
internal sealed class BadAnswerTests
{
    private const string Evil = "https://127.0.0.1:1";
    private static readonly byte[] Content = Encoding.UTF8.GetBytes(new string('x', 1000));
    private static readonly string Digest = ContentDigest.Of(Content);
    private ScriptedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync() => _registry = await ScriptedRegistry.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _registry.DisposeAsync();

    private static string BlobPath => $"/v2/a/b/blobs/{Digest}";

    [TestCase("")]
    [TestCase("..")]
    [TestCase("a/../b")]
    [TestCase("a//b")]
    [TestCase("/a")]
    [TestCase("a/")]
    [TestCase("A/b")]
    [TestCase("a/b?c")]
    [TestCase("a/b#c")]
    [TestCase("a%2fb")]
    [TestCase("a/b\\c")]
    [TestCase("a/b c")]
    [TestCase("a/.b")]
    [TestCase("ü/b")]
    public async Task What_is_no_repository_is_never_asked_for(string name)
    {
        var client = _registry.Client();
        Func<Task>[] calls =
        [
            () => client.Manifests.GetAsync(name, "1", default), () => client.Tags.ListAsync(name, default), () => client.Blobs.ExistsAsync(name, Digest, default),
            () => client.Blobs.MountAsync("a/b", Digest, name, default), () => client.Uploads.StartAsync(name, default), () => client.Referrers.ListAsync(name, Digest, null, default),
        ];
        foreach (var call in calls)
        {
            Assert.That((await Assert.ThrowsAsync<RegistryException>(call))!.Kind, Is.EqualTo(RegistryFailure.Invalid));
        }

        Assert.That(_registry.Seen, Is.Empty);
    }

    [TestCase("")]
    [TestCase("-a")]
    [TestCase(".a")]
    [TestCase("a/b")]
    [TestCase("a?b")]
    [TestCase("a%2e")]
    [TestCase("a:b")]
    [TestCase("sha256:ABCD")]
    [TestCase("..")]
    public async Task What_is_no_tag_is_never_asked_for(string tag)
    {
        Assert.That((await Assert.ThrowsAsync<RegistryException>(() => _registry.Client().Manifests.GetAsync("a/b", tag, default)))!.Kind, Is.EqualTo(RegistryFailure.Invalid));
        Assert.That((await Assert.ThrowsAsync<RegistryException>(() => _registry.Client().Manifests.DeleteTagAsync("a/b", tag, default)))!.Kind, Is.EqualTo(RegistryFailure.Invalid));
        Assert.That(_registry.Seen, Is.Empty);
    }

    [Test]
    public async Task A_realm_on_another_host_gets_nothing()
    {
        _registry.On("/v2/a/b/tags/list", 401, "", ("WWW-Authenticate", $"Bearer realm=\"{Evil}/token\",service=\"x\""));
        var client = _registry.Client(new RegistryClientOptions { Credential = new RegistryCredential.Basic("ann", "s3cret-one") });

        await ExpectAsync(RegistryFailure.Refused, "names the token server 127.0.0.1:1, which is another host", () => client.Tags.ListAsync("a/b", default));
    }

    [Test]
    public async Task A_list_that_goes_on_elsewhere_is_not_followed()
    {
        _registry.On("/v2/a/b/tags/list", 200, """{"tags":["1"]}""", ("Link", $"<{Evil}/v2/a/b/tags/list?last=1>; rel=\"next\""));

        await ExpectAsync(RegistryFailure.Refused, $"the answer leads to {Evil}, which is not the registry", () => _registry.ClientWithSecret().Tags.ListAsync("a/b", default));
    }

    [TestCase("same")]
    [TestCase("another")]
    public async Task A_list_without_end_is_given_up(string next)
    {
        var page = 0;
        _registry.On("/v2/a/b/tags/list", async context =>
        {
            page++;
            context.Response.Headers.Link = $"</v2/a/b/tags/list?last={(next == "same" ? 0 : page)}>; rel=\"next\"";
            await context.Response.WriteAsync($$"""{"tags":["t{{page}}"]}""");
        });

        await ExpectAsync(RegistryFailure.Refused, "the list has no end", () => _registry.Client().Tags.ListAsync("a/b", default));
        Assert.That(page, Is.EqualTo(next == "same" ? 2 : 1000));
    }

    [Test]
    public async Task Pages_are_put_together_sorted_and_each_tag_once()
    {
        _registry.On("/v2/a/b/tags/list", async context =>
        {
            var last = context.Request.Query["last"].ToString();
            context.Response.Headers.Link = last.Length == 0 ? "<list?last=b>;rel=next" : "";
            await context.Response.WriteAsync(last.Length == 0 ? """{"tags":["b","a"]}""" : """{"tags":["C","a",null]}""");
        });

        Assert.That(await _registry.Client().Tags.ListAsync("a/b", default), Is.EqualTo(new[] { "C", "a", "b" }));
    }

    [TestCase("<html>")]
    [TestCase("null")]
    [TestCase("""{"tags":"1"}""")]
    public async Task A_list_that_is_none_is_damaged(string body)
    {
        _registry.On("/v2/a/b/tags/list", 200, body);

        await ExpectAsync(RegistryFailure.Damaged, "the answer is no list", () => _registry.Client().Tags.ListAsync("a/b", default));
    }

    [Test]
    public async Task An_upload_that_goes_on_elsewhere_is_not_followed()
    {
        _registry.On("/v2/a/b/blobs/uploads/", 202, "", ("Location", $"{Evil}/upload"));

        await ExpectAsync(RegistryFailure.Refused, $"the answer leads to {Evil}", () => _registry.ClientWithSecret().Uploads.UploadAsync("a/b", BlobSource.Of(Content), default));
    }

    [Test]
    public async Task A_redirect_of_a_manifest_is_not_followed()
    {
        _registry.On("/v2/a/b/manifests/1", 307, "", ("Location", $"{_registry.Address}/v2/a/b/manifests/2"));

        await ExpectAsync(RegistryFailure.Refused, ": 307", () => _registry.Client().Manifests.GetAsync("a/b", "1", default));
        Assert.That(_registry.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_blob_elsewhere_is_read_there_without_the_credential()
    {
        await using var store = await ScriptedRegistry.StartAsync();
        store.On("/bucket/x", 200, Content);
        _registry.On(BlobPath, 307, "", ("Location", $"{_registry.Address}/once?X-Signature=1")).On("/once", 302, "", ("Location", $"{store.Address}/bucket/x?X-Signature=1"));

        Assert.That(await _registry.ClientWithSecret().Blobs.ReadAsync("a/b", Digest, 10_000, default), Is.EqualTo(Content));
        Assert.That(_registry.Seen, Has.All.EndsWith("Bearer s3cret-token"));
        Assert.That(store.Seen, Is.EqualTo(new[] { "GET /bucket/x?X-Signature=1" }));
    }

    [Test]
    public async Task Redirects_in_a_circle_are_given_up()
    {
        _registry.On(BlobPath, 307, "", ("Location", "/round")).On("/round", 307, "", ("Location", BlobPath));

        await ExpectAsync(RegistryFailure.Refused, "redirected more than 5 times", () => _registry.Client().Blobs.OpenAsync("a/b", Digest, 1000, default));
        Assert.That(_registry.Seen, Has.Count.EqualTo(6));
    }

    [TestCase("http://127.0.0.1:1/x", "redirected to http")]
    [TestCase("file:///etc/passwd", "redirected to file")]
    public async Task A_blob_is_not_fetched_without_TLS_from_a_registry_with_it(string location, string why)
    {
        using var certificate = LoopbackCertificate.Create();
        await using var registry = await ScriptedRegistry.StartAsync(certificate);
        registry.On(BlobPath, 307, "", ("Location", location));

        await ExpectAsync(RegistryFailure.Refused, why, () => registry.Client().Blobs.OpenAsync("a/b", Digest, 1000, default));
    }

    [TestCase(999, "the blob has 1000 bytes, not 999")]
    [TestCase(1001, "the blob has 1000 bytes, not 1001")]
    public async Task A_blob_of_another_size_than_its_manifest_says_is_damaged(long size, string why)
    {
        _registry.On(BlobPath, async context =>
        {
            context.Response.ContentLength = Content.Length;
            await context.Response.Body.WriteAsync(Content);
        });

        await ExpectAsync(RegistryFailure.Damaged, why, () => ReadAsync(size));
    }

    [Test]
    public async Task A_blob_that_has_more_than_it_should_is_left_where_it_goes_too_far()
    {
        _registry.On(BlobPath, async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(Content, context.RequestAborted);
            }
        });

        await ExpectAsync(RegistryFailure.Damaged, "the blob has more than 1500 bytes", () => ReadAsync(1500));
    }

    [Test]
    public async Task A_blob_that_always_ends_too_early_is_given_up()
    {
        _registry.On(BlobPath, 200, Content);

        await ExpectAsync(RegistryFailure.Unavailable, "the blob ends after 1000 of 1500 bytes", () => ReadAsync(1500));
    }

    [Test]
    public async Task The_last_byte_of_a_blob_with_another_digest_is_not_given()
    {
        _registry.On(BlobPath, 200, new byte[1000]);
        await using var stream = (await _registry.Client().Blobs.OpenAsync("a/b", Digest, 1000, default))!;

        await ExpectAsync(RegistryFailure.Damaged, "the content is not that of its digest", () => stream.ReadExactlyAsync(new byte[1000]).AsTask());
        await ExpectAsync(RegistryFailure.Damaged, "the content is not that of its digest", () => _registry.Client().Blobs.ReadAsync("a/b", Digest, 1000, default));
    }

    [Test]
    public async Task A_server_without_ranges_begins_again_and_nothing_is_given_twice()
    {
        var times = 0;
        _registry.On(BlobPath, async context =>
        {
            var broken = ++times <= 2;
            context.Response.ContentLength = Content.Length;
            await context.Response.Body.WriteAsync(Content.AsMemory(0, broken ? times * 300 : Content.Length));
            await context.Response.Body.FlushAsync();
            if (broken)
            {
                context.Abort();
            }
        });

        Assert.That(await ReadAsync(1000), Is.EqualTo(Content));
        Assert.That(times, Is.EqualTo(3));
    }

    [TestCase("GET")]
    [TestCase("HEAD")]
    public async Task Silence_ends_after_a_while(string method)
    {
        _registry.On("/v2/a/b/manifests/1", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var client = _registry.Client(Impatient);

        await ExpectAsync(RegistryFailure.Unavailable, "no progress within 0.3 s", () => method == "GET"
            ? client.Manifests.GetAsync("a/b", "1", default)
            : client.Manifests.HeadAsync("a/b", "1", default));
    }

    [Test]
    public async Task Silence_in_the_middle_of_a_body_ends_after_a_while()
    {
        _registry.On("/v2/a/b/manifests/1", HalfAsync).On(BlobPath, HalfAsync);
        var client = _registry.Client(Impatient);

        await ExpectAsync(RegistryFailure.Unavailable, "no progress within 0.3 s", () => client.Manifests.GetAsync("a/b", "1", default));
        await ExpectAsync(RegistryFailure.Unavailable, "no progress within 0.3 s", async () =>
        {
            await using var stream = (await client.Blobs.OpenAsync("a/b", Digest, 1000, default))!;
            await stream.ReadExactlyAsync(new byte[1000]);
        });
    }

    [Test]
    public async Task Who_no_longer_wants_an_answer_is_told_that_and_nothing_else()
    {
        var asked = new TaskCompletionSource();
        _registry.On("/v2/a/b/manifests/1", context =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var stop = new CancellationTokenSource();

        var call = _registry.Client().Manifests.GetAsync("a/b", "1", stop.Token);
        await asked.Task;
        await stop.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(503, "<html>\nthe proxy is busy</html>", RegistryFailure.Unavailable, "503 <html> the proxy is busy</html>")]
    [TestCase(403, """{"errors":[{"code":"DENIED","message":"no access for Bearer abcdefghijkl"}]}""", RegistryFailure.Denied, "403 DENIED no access for Bearer ***")]
    [TestCase(400, """{"errors":[null]}""", RegistryFailure.Invalid, "400 {\"errors\":[null]}")]
    [TestCase(400, """{"errors":[{"code":"UNSUPPORTED"}]}""", RegistryFailure.Unsupported, "400 UNSUPPORTED")]
    [TestCase(418, "", RegistryFailure.Invalid, "418")]
    [TestCase(206, "", RegistryFailure.Damaged, "206")]
    public async Task A_refusal_is_said_in_the_servers_words_without_secrets(int status, string body, RegistryFailure kind, string said)
    {
        _registry.On("/v2/a/b/manifests/1", status, body);

        var failed = (await Assert.ThrowsAsync<RegistryException>(() => _registry.Client().Manifests.PutAsync("a/b", "1", RegistryManifest.Of("a/b", "{}"u8.ToArray()), default)))!;

        Assert.That((failed.Kind, failed.Status, failed.Message), Is.EqualTo((kind, (HttpStatusCode?)status, $"PUT {_registry.Address}/v2/a/b/manifests/1: {said}")));
    }

    [Test]
    public async Task A_refusal_without_end_is_not_read_to_its_end()
    {
        _registry.On("/v2/a/b/manifests/1", async context =>
        {
            context.Response.StatusCode = 400;
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(Content, context.RequestAborted);
            }
        });

        await ExpectAsync(RegistryFailure.Invalid, ": 400", () => _registry.Client().Manifests.GetAsync("a/b", "1", default));
    }

    [Test]
    public async Task An_address_that_is_not_allowed_is_refused_and_says_so()
    {
        using var guarded = new EgressGuard(EgressRules.PublicOnly).CreateHandler();

        await ExpectAsync(RegistryFailure.Refused, "not on the list of allowed destinations", () => _registry.Client(handler: guarded).Manifests.GetAsync("a/b", "1", default));
        Assert.That(_registry.Seen, Is.Empty);
    }

    [Test]
    public void A_handler_that_follows_redirects_by_itself_is_not_taken()
    {
        using var follows = new SocketsHttpHandler();

        Assert.That(() => _registry.Client(handler: follows), Throws.ArgumentException);
    }

    private static RegistryClientOptions Impatient => new() { Patience = TimeSpan.FromMilliseconds(300) };

    private static async Task HalfAsync(HttpContext context)
    {
        context.Response.ContentLength = Content.Length;
        await context.Response.Body.WriteAsync(Content.AsMemory(0, 500));
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private async Task<byte[]> ReadAsync(long size)
    {
        await using var stream = (await _registry.Client().Blobs.OpenAsync("a/b", Digest, size, default))!;
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    private static async Task ExpectAsync(RegistryFailure kind, string part, Func<Task> call)
    {
        var failed = (await Assert.ThrowsAsync<RegistryException>(call))!;
        Assert.That((failed.Kind, failed.Message), Is.EqualTo((kind, failed.Message)));
        Assert.That(failed.Message, Does.Contain(part));
        Assert.That(failed.ToString(), Does.Not.Contain("s3cret"));
    }
}

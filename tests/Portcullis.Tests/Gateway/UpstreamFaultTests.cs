using System.Net;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Tests.Gateway;

/// <summary>What clients get when the registry or the cluster behind the gateway fails, and what never reaches either side.</summary>
[TestFixture]
internal sealed class UpstreamFaultTests
{
    private const string Manifest = $"/v2/{GatewayWorld.Name}/manifests/latest";
    private static readonly string Blob = $"/v2/{GatewayWorld.Name}/blobs/sha256:{new string('a', 64)}";

    private GatewayWorld _world = null!;
    private HttpClient _ann = null!;
    private HttpServer _upstream = null!;
    private RequestDelegate _answer = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _world = await GatewayWorld.StartAsync(configure: o => o with { Patience = TimeSpan.FromSeconds(5) });
        _ann = _world.Client("ann");
        _upstream = await LoopbackServer.StartAsync(null, http => _answer(http));
        await _world.DeclareUpstreamAsync(_upstream.Address);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _ann?.Dispose();
        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }

        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [TestCase(401, 502)]
    [TestCase(403, 502)]
    [TestCase(500, 502)]
    [TestCase(503, 503)]
    [TestCase(404, 404)]
    [TestCase(418, 418)]
    public async Task An_answer_that_is_none_of_the_specifications_becomes_one(int status, int expected)
    {
        _answer = async http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"http://internal/token\"";
            http.Response.Headers.SetCookie = "session=1";
            await http.Response.WriteAsync("<html>internal.example.com</html>");
        };
        using var response = await _ann.GetAsync(Blob);
        Assert.That((int)response.StatusCode, Is.EqualTo(expected));
        Assert.That(await ConformanceTests.CodeAsync(response), Is.Not.Null);
        Assert.That(response.Headers.WwwAuthenticate, Is.Empty);
        Assert.That(response.Headers.Contains("Set-Cookie"), Is.False);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("internal"));
    }

    [TestCase(401, "GET")]
    [TestCase(500, "GET")]
    [TestCase(0, "GET")]
    [TestCase(403, "PUT")]
    [TestCase(500, "PUT")]
    [TestCase(400, "PUT")]
    public async Task No_answer_says_where_the_registry_is(int status, string method)
    {
        _answer = async http =>
        {
            if (status == 0)
            {
                http.Abort();
                return;
            }

            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"errors":[{"code":"UNKNOWN","message":"it failed"}]}""");
        };
        var request = new HttpRequestMessage(new HttpMethod(method), Manifest);
        if (method == "PUT")
        {
            request.Content = new StringContent($$"""{"schemaVersion":2,"mediaType":"{{RegistryMediaTypes.OciManifest}}","layers":[]}""", null, RegistryMediaTypes.OciManifest);
            request.Content.Headers.ContentType!.CharSet = null;
        }

        using var response = await _ann.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.GreaterThanOrEqualTo(400));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("errors").And.Not.Contain(new Uri(_upstream.Address).Authority));
    }

    [Test]
    public async Task Nothing_of_the_clients_reaches_the_registry_but_what_it_asks_for()
    {
        IHeaderDictionary? seen = null;
        var path = "";
        _answer = http =>
        {
            (seen, path) = (new HeaderDictionary(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value)), http.Request.Path.Value + http.Request.QueryString.Value);
            return Task.CompletedTask;
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, Manifest + "?x=1");
        foreach (var (name, value) in new[] { ("Cookie", "a=b"), ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Host", "evil"), ("Forwarded", "for=6.6.6.6"), ("Accept", "application/x-test"), ("X-Original-URL", "/v2/vault/secret/manifests/1") })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _ann.SendAsync(request);
        var token = _ann.DefaultRequestHeaders.Authorization!.Parameter!;
        Assert.Multiple(() =>
        {
            Assert.That(path, Is.EqualTo(Manifest));
            Assert.That(seen!.Authorization.ToString(), Does.StartWith("Bearer ey").And.Not.Contain(token));
            Assert.That(seen.Cookie.ToString() + seen["Forwarded"] + seen["X-Original-URL"], Is.Empty);
            Assert.That(seen["X-Forwarded-For"].ToString(), Is.EqualTo("127.0.0.1"));
            Assert.That(seen["X-Forwarded-Host"].ToString(), Is.EqualTo(_world.Host));
            Assert.That(seen.Accept.ToString(), Is.EqualTo("application/x-test"));
            Assert.That(seen.Host.ToString(), Is.EqualTo(new Uri(_upstream.Address).Authority));
        });
    }

    [Test]
    public async Task A_redirect_goes_to_the_client_when_it_is_to_https_and_nowhere_otherwise()
    {
        var to = "https://storage.example.com/blob?signature=1";
        _answer = http =>
        {
            http.Response.Redirect(to, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        using var passed = await _ann.GetAsync(Blob);
        Assert.That((passed.StatusCode, passed.Headers.Location!.OriginalString), Is.EqualTo((HttpStatusCode.TemporaryRedirect, to)));
        to = "http://169.254.169.254/latest";
        using var refused = await _ann.GetAsync(Blob);
        Assert.That((refused.StatusCode, refused.Headers.Location), Is.EqualTo((HttpStatusCode.BadGateway, (Uri?)null)));
    }

    [Test]
    public async Task An_upload_whose_location_leads_elsewhere_is_refused()
    {
        _answer = http =>
        {
            http.Response.StatusCode = 202;
            http.Response.Headers.Location = $"/v2/vault/secret/blobs/uploads/1";
            return Task.CompletedTask;
        };
        using var response = await _ann.PostAsync($"/v2/{GatewayWorld.Name}/blobs/uploads/", new ByteArrayContent([]));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
    }

    [Test]
    public async Task A_registry_that_hangs_is_given_up_and_one_that_breaks_off_breaks_the_clients_answer_off()
    {
        _answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        using var hung = await _ann.GetAsync(Blob);
        Assert.That((hung.StatusCode, await ConformanceTests.CodeAsync(hung)), Is.EqualTo((HttpStatusCode.GatewayTimeout, "UNAVAILABLE")));
        _answer = async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.Body.WriteAsync(new byte[10]);
            await http.Response.Body.FlushAsync();
            http.Abort();
        };
        Assert.That(async () => await _ann.GetByteArrayAsync(Blob), Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_layer_comes_as_the_registry_sends_it_and_is_not_collected_first()
    {
        var go = new TaskCompletionSource();
        _answer = async http =>
        {
            await http.Response.Body.WriteAsync(new byte[] { 1 });
            await http.Response.Body.FlushAsync();
            await go.Task.WaitAsync(TimeSpan.FromSeconds(10));
            await http.Response.Body.WriteAsync(new byte[] { 2 });
        };
        using var response = await _ann.GetAsync(Blob, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        Assert.That(body.ReadByte(), Is.EqualTo(1));
        go.SetResult();
        Assert.That(body.ReadByte(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_layer_goes_to_the_registry_while_the_client_sends_it()
    {
        var came = new TaskCompletionSource<int>();
        _answer = async http =>
        {
            var buffer = new byte[1];
            came.SetResult(await http.Request.Body.ReadAsync(buffer));
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.StatusCode = 202;
            http.Response.Headers.Location = $"/v2/{GatewayWorld.Name}/blobs/uploads/1?_state=x";
            http.Response.Headers.Range = "0-1";
        };
        using var content = new HeldContent(came.Task);
        using var response = await _ann.PatchAsync($"/v2/{GatewayWorld.Name}/blobs/uploads/1?_state=w&_offset=0", content);
        Assert.That((response.StatusCode, response.Headers.Location!.OriginalString), Is.EqualTo((HttpStatusCode.Accepted, $"/v2/{GatewayWorld.Name}/blobs/uploads/1?_state=x&_offset=2")));
    }

    /// <summary>Sends its last byte only once the registry has the first. What goes out together may wait for more in the buffers of a connection, but not much of it.</summary>
    private sealed class HeldContent(Task came) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[256 * 1024]);
            await stream.FlushAsync();
            await came.WaitAsync(TimeSpan.FromSeconds(10));
            await stream.WriteAsync(new byte[] { 2 });
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

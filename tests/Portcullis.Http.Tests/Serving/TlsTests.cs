using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Http.Tests.Serving;

/// <summary>Servers with certificates.</summary>
internal sealed class TlsTests
{
    private readonly X509Certificate2 _first = LoopbackCertificate.Create();
    private readonly X509Certificate2 _second = LoopbackCertificate.Create();

    [TearDown]
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Test]
    public async Task A_renewed_certificate_is_shown_to_the_next_client()
    {
        var present = _first;
        await using var server = await StartAsync(new ServerTls(() => present));
        Assert.That(await ShownAsync(server), Is.EqualTo(_first.Thumbprint));
        Assert.That(await ShownAsync(server), Is.EqualTo(_first.Thumbprint));
        present = _second;
        Assert.That(await ShownAsync(server), Is.EqualTo(_second.Thumbprint));
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task A_client_certificate_is_for_the_endpoint_to_judge(bool accepted, bool given)
    {
        await using var server = await StartAsync(new ServerTls(() => _first) { AcceptClientCertificates = accepted });
        using var client = Client(server, _ => { }, given ? _second : null);
        Assert.That(await client.GetStringAsync(new Uri("/", UriKind.Relative)), Is.EqualTo(accepted && given ? _second.Thumbprint : "nobody"));
    }

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task Both_versions_of_http_are_spoken(string version)
    {
        await using var server = await StartAsync(new ServerTls(() => _first));
        using var client = Client(server, _ => { }, null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request);
        Assert.That((response.StatusCode, response.Version), Is.EqualTo((HttpStatusCode.OK, Version.Parse(version))));
    }

    private static Task<HttpServer> StartAsync(ServerTls tls) => HttpServer.StartAsync(
        new HttpServerOptions { Listen = ListenAddress.Loopback(0), Limits = new() { LargestBody = 0 }, Tls = tls },
        context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Thumbprint ?? "nobody"),
        CancellationToken.None);

    private static async Task<string> ShownAsync(HttpServer server)
    {
        var shown = "";
        using var client = Client(server, certificate => shown = certificate.Thumbprint, null);
        await client.GetStringAsync(new Uri("/", UriKind.Relative));
        return shown;
    }

    private static HttpClient Client(HttpServer server, Action<X509Certificate2> seen, X509Certificate2? own)
    {
        var tls = new SslClientAuthenticationOptions
        {
#pragma warning disable CA5359 // the test looks at the certificate itself
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                seen((X509Certificate2)certificate!);
                return true;
            },
#pragma warning restore CA5359
            LocalCertificateSelectionCallback = (_, _, _, _, _) => own!,
        };
        return new HttpClient(new SocketsHttpHandler { SslOptions = tls }) { BaseAddress = new Uri(server.Address) };
    }
}

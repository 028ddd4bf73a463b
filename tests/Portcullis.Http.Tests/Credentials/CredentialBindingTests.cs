using System.Net.Http.Headers;
using Portcullis.Http.Credentials;

namespace Portcullis.Http.Tests.Credentials;

/// <summary>Who gets to see a credential.</summary>
internal sealed class CredentialBindingTests
{
    private static readonly AuthenticationHeaderValue Token = new("Bearer", "t0ken");
    private readonly Scripted _server = new();

    [TestCase("https://registry.example.com/v2/", "https://registry.example.com/token?x=1", true)]
    [TestCase("https://registry.example.com", "https://REGISTRY.example.com:443/", true)]
    [TestCase("https://registry.example.com", "https://registry.example.com./", true)]
    [TestCase("https://bücher.example", "https://xn--bcher-kva.example/", true)]
    [TestCase("https://[2001:db8::1]", "https://[2001:db8:0::1]/", true)]
    [TestCase("https://registry.example.com", "http://registry.example.com/", false)]
    [TestCase("https://registry.example.com", "http://registry.example.com:443/", false)]
    [TestCase("https://registry.example.com", "https://registry.example.com:5000/", false)]
    [TestCase("https://registry.example.com", "https://example.com/", false)]
    [TestCase("https://registry.example.com", "https://a.registry.example.com/", false)]
    [TestCase("https://registry.example.com", "https://registry.example.com.evil.net/", false)]
    [TestCase("https://registry.example.com", "https://registry.example.com@evil.net/", false)]
    [TestCase("https://registry.example.com", "https://evil.net/registry.example.com", false)]
    [TestCase("https://registry.example.com", "/relative", false)]
    [TestCase("http://registry.example.com", "http://registry.example.com/", false)]
    [TestCase("ftp://registry.example.com", "ftp://registry.example.com/", false)]
    public void A_credential_is_for_its_own_server_alone_and_for_tls(string server, string request, bool covers) =>
        Assert.That(CredentialBinding.To(new Uri(server)).Covers(new Uri(request, UriKind.RelativeOrAbsolute)), Is.EqualTo(covers));

    [TestCase("http://registry:5000", "http://registry:5000/v2/", true)]
    [TestCase("http://registry:5000", "http://registry/v2/", false)]
    [TestCase("http://registry:5000", "https://registry:5000/v2/", false)]
    [TestCase("https://registry", "http://registry/", false)]
    [TestCase("https://registry", "https://registry/", true)]
    [TestCase("ftp://registry", "ftp://registry/", false)]
    public void Plain_http_is_for_a_server_that_was_configured_so(string server, string request, bool covers) =>
        Assert.That(CredentialBinding.ToEvenOverPlainHttp(new Uri(server)).Covers(new Uri(request)), Is.EqualTo(covers));

    [Test]
    public async Task Only_requests_to_its_server_carry_the_credential()
    {
        using var handler = new BoundCredentialHandler(CredentialBinding.To(new Uri("https://registry.example.com")), Token);
        using var here = new HttpRequestMessage(HttpMethod.Get, "https://registry.example.com/v2/");
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "https://evil.net/v2/");
        await Scripted.SendAsync(handler, _server, here);
        await Scripted.SendAsync(handler, _server, elsewhere);
        Assert.That(_server.Requests.Select(r => r.Headers.Authorization), Is.EqualTo(new[] { Token, null }));
    }

    [Test]
    public async Task A_request_that_was_pointed_elsewhere_loses_the_credential()
    {
        using var handler = new BoundCredentialHandler(CredentialBinding.To(new Uri("https://registry.example.com")), Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://registry.example.com/v2/");
        await Scripted.SendAsync(handler, _server, request);
        request.RequestUri = new Uri("https://evil.net/");
        await Scripted.SendAsync(handler, _server, request);
        Assert.That(request.Headers.Authorization, Is.Null);
    }

    [Test]
    public async Task The_callers_own_credential_stays()
    {
        using var handler = new BoundCredentialHandler(CredentialBinding.To(new Uri("https://registry.example.com")), Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://registry.example.com/v2/") { Headers = { Authorization = new("Basic", "abc") } };
        await Scripted.SendAsync(handler, _server, request);
        Assert.That(request.Headers.Authorization, Is.EqualTo(new AuthenticationHeaderValue("Basic", "abc")));
    }
}

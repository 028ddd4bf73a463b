using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Testing.Clusters;

namespace Portcullis.Kubernetes.Tests.Connection;

/// <summary>By which way requests reach the server.</summary>
internal sealed class ProxyTests
{
    [TestCase("https://api.example.com:6443", "https://p:1", "", true)]
    [TestCase("https://api.example.com:6443", "p:3128", "", true, Description = "without a scheme it is http")]
    [TestCase("https://api.example.com:6443", "socks5h://p:1", "", true)]
    [TestCase("http://api.example.com", "http://p:1", "", false, Description = "HTTPS_PROXY is for https")]
    [TestCase("https://localhost:6443", "http://p:1", "", false)]
    [TestCase("https://127.3.4.5:6443", "http://p:1", "", false)]
    [TestCase("https://[::1]:6443", "http://p:1", "", false)]
    [TestCase("https://api.example.com:6443", "http://p:1", "*", false)]
    [TestCase("https://api.example.com:6443", "http://p:1", "other.com, Example.com", false)]
    [TestCase("https://api.example.com:6443", "http://p:1", ".example.com", false)]
    [TestCase("https://example.com:6443", "http://p:1", ".example.com", true)]
    [TestCase("https://api.example.com:6443", "http://p:1", "*.example.com", false)]
    [TestCase("https://badexample.com:6443", "http://p:1", "example.com", true)]
    [TestCase("https://api.example.com:6443", "http://p:1", "example.com:6443", false)]
    [TestCase("https://api.example.com:6443", "http://p:1", "example.com:443", true)]
    [TestCase("https://10.1.2.3:6443", "http://p:1", "10.1.0.0/16", false)]
    [TestCase("https://10.1.2.3:6443", "http://p:1", "10.1.9.9/16", false)]
    [TestCase("https://10.2.2.3:6443", "http://p:1", "10.1.0.0/16", true)]
    [TestCase("https://10.1.2.3:6443", "http://p:1", "10.1.2.3", false)]
    [TestCase("https://10.1.2.3:6443", "http://p:1", "10.1.2.3:443", true)]
    [TestCase("https://10.1.2.3:6443", "http://p:1", "1.2.3", true)]
    [TestCase("https://[fd00::1]:6443", "http://p:1", "fd00::/8", false)]
    [TestCase("https://[fd00::1]:6443", "http://p:1", "[fd00::1]:6443", false)]
    public void The_environment_is_read_as_go_programs_read_it(string server, string proxy, string exempt, bool taken)
    {
        var connection = new KubernetesConnection { Server = new Uri(server) };
        var chosen = ProxyChoice.For(connection, name => name switch { "https_proxy" => proxy, "NO_PROXY" => exempt, _ => null });
        Assert.That(chosen?.Address?.Host, Is.EqualTo(taken ? "p" : null));
    }

    [Test]
    public void The_kubeconfigs_own_proxy_wins_and_its_password_stands_in_no_address()
    {
        var connection = new KubernetesConnection { Server = new Uri("https://api"), Proxy = new Uri("http://ann:hunter%202@mine:1") };
        var chosen = ProxyChoice.For(connection, _ => "http://other:2")!;
        Assert.That(chosen.Address!.AbsoluteUri, Is.EqualTo("http://mine:1/"));
        Assert.That(chosen.Credentials!.GetCredential(chosen.Address, "Basic")!.Password, Is.EqualTo("hunter 2"));
    }

    [TestCase("ftp://ann:hunter2@p")]
    [TestCase("http://")]
    public void A_variable_that_names_no_proxy_is_named_and_not_quoted(string value)
    {
        var connection = new KubernetesConnection { Server = new Uri("https://api") };
        Assert.That(() => ProxyChoice.For(connection, name => name == "HTTPS_PROXY" ? value : null), Throws.InstanceOf<KubeConfigException>()
            .With.Message.EqualTo("The environment variable HTTPS_PROXY names no proxy: it must be an http, https or socks5 URL."));
    }

    [TestCase(false, "ann:pass")]
    [TestCase(true, "ann:pass")]
    [TestCase(true, null)]
    public async Task A_tunnel_through_the_kubeconfigs_proxy_leads_to_the_server(bool encrypted, string? login)
    {
        await using var site = await OpenAsync();
        await using var proxy = new ConnectProxy(site.Address, login, encrypted ? site.Serving() : null);
        var address = $"{(encrypted ? "https" : "http")}://{(login is null ? "" : $"{login}@")}{proxy.Authority}";
        using var client = site.Client(Elsewhere(site, $", proxy-url: \"{address}\""), _ => "http://localhost:1");
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        Assert.That(proxy.Tunnels, Is.EqualTo(new[] { "api.example.com:6443" }));
    }

    [Test]
    public async Task The_environments_proxy_is_taken_and_told_when_it_refuses()
    {
        await using var site = await OpenAsync();
        await using var proxy = new ConnectProxy(site.Address, "ann:pass");
        using var client = site.Client(Elsewhere(site, ""), name => name == "HTTPS_PROXY" ? $"ann:pass@{proxy.Authority}" : null);
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        using var wrong = site.Client(Elsewhere(site, ""), name => name == "HTTPS_PROXY" ? $"ann:hunter2@{proxy.Authority}" : null);
        var e = (await Assert.ThrowsAsync<HttpRequestException>(wrong.WhoAsync))!;
        Assert.That(e.ToString(), Does.Contain("407").And.Contain(proxy.Authority).And.Not.Contain("hunter2"));
    }

    [Test]
    public async Task A_client_certificate_goes_through_a_tunnel()
    {
        await using var site = await OpenAsync();
        await using var proxy = new ConnectProxy(site.Address);
        var (certificate, key) = site.Certificate("bob");
        site.Write("bob.crt", certificate);
        site.Write("bob.key", key);
        using var client = site.Client(Elsewhere(site, $", proxy-url: \"http://{proxy.Authority}\"", "client-certificate: bob.crt, client-key: bob.key"));
        Assert.That(await client.WhoAsync(), Is.EqualTo("bob"));
    }

    private static async Task<TlsSite> OpenAsync()
    {
        if (TestCluster.IsNamed)
        {
            Assert.Ignore("not run: these need a server whose CA and tokens are the test's own");
        }

        return await TlsSite.OpenAsync();
    }

    /// <summary>A server whose name only the proxy knows.</summary>
    private static KubernetesConnection Elsewhere(TlsSite site, string cluster, string? user = null)
    {
        var here = site.Connection(user ?? $"token: {site.Token("ann")}", $", tls-server-name: localhost{cluster}");
        return new KubernetesConnection
        {
            Server = new Uri("https://api.example.com:6443"),
            CertificateAuthorities = here.CertificateAuthorities,
            TlsServerName = here.TlsServerName,
            Proxy = here.Proxy,
            Credentials = here.Credentials,
        };
    }
}

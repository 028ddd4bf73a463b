using Portcullis.Kubernetes.Connection;
using Portcullis.Testing.Clusters;

namespace Portcullis.Kubernetes.Tests.Connection;

/// <summary>By which way requests reach the server.</summary>
internal sealed class ProxyTests
{
    [Test]
    public async Task A_variable_that_names_no_proxy_is_a_fault_of_the_configuration()
    {
        await using var site = await OpenAsync();
        Assert.That(() => site.Client(Elsewhere(site, ""), name => name == "HTTPS_PROXY" ? "ftp://ann:hunter2@p" : null), Throws.InstanceOf<KubeConfigException>()
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

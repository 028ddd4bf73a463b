using Portcullis.Http.Connections;

namespace Portcullis.Http.Tests.Connections;

/// <summary>Which proxy is taken.</summary>
internal sealed class ProxyChoiceTests
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
        var chosen = ProxyChoice.For(new Uri(server), null, name => name switch { "https_proxy" => proxy, "NO_PROXY" => exempt, _ => null });
        Assert.That(chosen?.Address?.Host, Is.EqualTo(taken ? "p" : null));
    }

    [Test]
    public void The_configured_proxy_wins_and_its_password_stands_in_no_address()
    {
        var chosen = ProxyChoice.For(new Uri("https://api"), new Uri("http://ann:hunter%202@mine:1"), _ => "http://other:2")!;
        Assert.That(chosen.Address!.AbsoluteUri, Is.EqualTo("http://mine:1/"));
        Assert.That(chosen.Credentials!.GetCredential(chosen.Address, "Basic")!.Password, Is.EqualTo("hunter 2"));
    }

    [TestCase("ftp://ann:hunter2@p")]
    [TestCase("http://")]
    public void A_variable_that_names_no_proxy_is_named_and_not_quoted(string value) =>
        Assert.That(
            () => ProxyChoice.For(new Uri("https://api"), null, name => name == "HTTPS_PROXY" ? value : null),
            Throws.InstanceOf<InvalidProxyException>().With.Message.EqualTo("The environment variable HTTPS_PROXY names no proxy: it must be an http, https or socks5 URL."));
}

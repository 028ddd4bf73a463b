using System.Net;
using Portcullis.Http.Egress;

namespace Portcullis.Http.Tests.Egress;

/// <summary>Which addresses may be reached.</summary>
internal sealed class EgressRulesTests
{
    [TestCase("0.0.0.0", "unspecified")]
    [TestCase("0.1.2.3", "unspecified")]
    [TestCase("10.0.0.0", "private")]
    [TestCase("10.255.255.255", "private")]
    [TestCase("100.64.0.0", "carrier-grade NAT")]
    [TestCase("100.127.255.255", "carrier-grade NAT")]
    [TestCase("127.0.0.1", "loopback")]
    [TestCase("127.255.255.255", "loopback")]
    [TestCase("169.254.169.254", "link-local")]
    [TestCase("172.16.0.0", "private")]
    [TestCase("172.31.255.255", "private")]
    [TestCase("192.0.0.170", "protocol assignment")]
    [TestCase("192.0.2.1", "documentation")]
    [TestCase("192.88.99.1", "6to4 relay")]
    [TestCase("192.168.1.1", "private")]
    [TestCase("198.18.0.1", "benchmarking")]
    [TestCase("198.19.255.255", "benchmarking")]
    [TestCase("198.51.100.1", "documentation")]
    [TestCase("203.0.113.1", "documentation")]
    [TestCase("224.0.0.1", "multicast")]
    [TestCase("239.255.255.255", "multicast")]
    [TestCase("240.0.0.1", "reserved")]
    [TestCase("255.255.255.255", "reserved")]
    [TestCase("::", "unspecified")]
    [TestCase("::1", "loopback")]
    [TestCase("::7f00:1", "no global unicast", Description = "the deprecated IPv4-compatible form")]
    [TestCase("fc00::1", "unique-local")]
    [TestCase("fdff::1", "unique-local")]
    [TestCase("fe80::1%2", "link-local")]
    [TestCase("febf::1", "link-local")]
    [TestCase("fec0::1", "no global unicast", Description = "site-local")]
    [TestCase("ff02::1", "multicast")]
    [TestCase("100::1", "no global unicast", Description = "discard")]
    [TestCase("2001::1", "protocol assignment", Description = "Teredo")]
    [TestCase("2001:db8::1", "documentation")]
    [TestCase("3fff::1", "documentation")]
    [TestCase("64:ff9b:1::808:808", "local NAT64")]
    [TestCase("::ffff:10.0.0.1", "private")]
    [TestCase("::ffff:169.254.169.254", "link-local")]
    [TestCase("::ffff:0:127.0.0.1", "no global unicast", Description = "the translated form of RFC 2765")]
    [TestCase("64:ff9b::10.0.0.1", "NAT64")]
    [TestCase("64:ff9b::8.8.8.8", "NAT64")]
    [TestCase("2002:7f00:1::1", "6to4")]
    public void An_address_that_is_not_public_is_refused_and_named(string address, string what) =>
        Assert.That(EgressRules.PublicOnly.Refusal("h", IPAddress.Parse(address)), Does.StartWith($"h has the address {IPAddress.Parse(address)}, which is ").And.Contain(what));

    [TestCase("1.1.1.1")]
    [TestCase("::ffff:1.1.1.1")]
    [TestCase("9.255.255.255")]
    [TestCase("11.0.0.0")]
    [TestCase("100.63.255.255")]
    [TestCase("100.128.0.0")]
    [TestCase("126.255.255.255")]
    [TestCase("128.0.0.0")]
    [TestCase("169.253.255.255")]
    [TestCase("172.15.255.255")]
    [TestCase("172.32.0.0")]
    [TestCase("192.0.1.0")]
    [TestCase("192.167.255.255")]
    [TestCase("198.17.255.255")]
    [TestCase("198.20.0.0")]
    [TestCase("223.255.255.255")]
    [TestCase("2000::1")]
    [TestCase("2001:200::1")]
    [TestCase("2001:db9::1")]
    [TestCase("2a00:1450:4001::1")]
    [TestCase("3ffe:ffff::1")]
    public void A_public_address_is_allowed(string address) => Assert.That(EgressRules.PublicOnly.Refusal("h", IPAddress.Parse(address)), Is.Null);

    [TestCase("10.1.0.0/16", "h", "10.1.2.3", true)]
    [TestCase("10.1.0.0/16", "h", "10.2.2.3", false)]
    [TestCase("10.1.2.3/16", "h", "10.1.9.9", true, Description = "bits beyond the prefix do not count")]
    [TestCase("10.1.2.3/16", "h", "10.2.2.3", false)]
    [TestCase("10.1.2.3", "h", "10.1.2.3", true)]
    [TestCase("10.1.2.3", "h", "10.1.2.4", false)]
    [TestCase("fd00:1::/32", "h", "fd00:1::5", true)]
    [TestCase("::1", "h", "::1", true)]
    [TestCase("registry.example.com", "registry.example.com", "10.1.2.3", true)]
    [TestCase("registry.example.com", "REGISTRY.example.com.", "10.1.2.3", true)]
    [TestCase("Registry.Example.Com.", "registry.example.com", "10.1.2.3", true)]
    [TestCase("registry.example.com", "a.registry.example.com", "10.1.2.3", false)]
    [TestCase("registry.example.com", "registry.example.com.evil.net", "10.1.2.3", false)]
    [TestCase("*.example.com", "a.b.example.com", "10.1.2.3", true)]
    [TestCase("*.example.com", "example.com", "10.1.2.3", false)]
    [TestCase("*.example.com", ".example.com", "10.1.2.3", false)]
    [TestCase("*.example.com", "badexample.com", "10.1.2.3", false)]
    [TestCase("64:ff9b::/96", "h", "64:ff9b::8.8.8.8", true)]
    [TestCase("64:ff9b::/96", "h", "64:ff9b::169.254.169.254", false)]
    [TestCase("64:ff9b::/96 169.254.169.254", "h", "64:ff9b::169.254.169.254", true)]
    [TestCase("10.0.0.0/8", "h", "::ffff:10.0.0.1", true)]
    [TestCase("::ffff:10.0.0.1", "h", "10.0.0.1", true)]
    [TestCase("0.0.0.0/0", "h", "127.0.0.1", true)]
    [TestCase("0.0.0.0/0", "h", "::1", false)]
    [TestCase("::/0", "h", "127.0.0.1", false)]
    [TestCase("::/0", "h", "::ffff:127.0.0.1", false)]
    public void What_the_administrator_names_is_allowed(string entries, string host, string address, bool allowed)
    {
        var rules = EgressRules.Parse(entries.Split(' '), out var problems);
        Assert.That(problems, Is.Empty);
        Assert.That(rules.Refusal(host, IPAddress.Parse(address)), allowed ? Is.Null : Is.Not.Null);
    }

    [TestCase("10.0.0.0/33")]
    [TestCase("a/b")]
    [TestCase("::ffff:10.0.0.0/104")]
    [TestCase("")]
    [TestCase("*")]
    [TestCase("*.*.example.com")]
    [TestCase("https://example.com")]
    [TestCase("example.com:443")]
    [TestCase("two words")]
    public void An_entry_that_cannot_be_read_is_a_problem_and_allows_nothing(string entry)
    {
        var rules = EgressRules.Parse([entry, "192.168.1.1"], out var problems);
        Assert.That(problems, Has.Count.EqualTo(1));
        Assert.That(problems[0], Does.StartWith($"'{entry}' is no "));
        Assert.That(rules.Refusal("h", IPAddress.Parse("10.1.2.3")), Is.Not.Null);
        Assert.That(rules.Refusal("h", IPAddress.Parse("192.168.1.1")), Is.Null);
    }
}

using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>Headers, addresses and names as text.</summary>
[TestFixture]
internal sealed class RegistryGrammarTests
{
    [TestCase("""Bearer realm="https://a/token",service="b c",scope="repository:x:pull,push" """, "Bearer{realm=https://a/token;service=b c;scope=repository:x:pull,push}")]
    [TestCase("""Basic realm="a \"quoted\" \\ realm" """, "Basic{realm=a \"quoted\" \\ realm}")]
    [TestCase("""Basic realm="a", charset=UTF-8, Bearer realm="b" , service=c""", "Basic{realm=a;charset=UTF-8} Bearer{realm=b;service=c}")]
    [TestCase("Negotiate, Basic realm=x", "Negotiate{} Basic{realm=x}")]
    [TestCase("Bearer realm = \"a\" ,, service\t=\tb", "Bearer{realm=a;service=b}")]
    [TestCase("Bearer realm=a,realm=b", "Bearer{realm=a}")]
    [TestCase("realm=lost", "")]
    [TestCase("Bearer realm=\"no end", "Bearer{realm=no end}")]
    [TestCase("Bearer realm=\"no end\\", "Bearer{realm=no end\\}")]
    [TestCase("Bearer realm=", "Bearer{realm=}")]
    [TestCase(",,= =\"\"()", "")]
    [TestCase("", "")]
    public void Challenges_are_read_from_one_header(string header, string expected) => Assert.That(
        string.Join(' ', ChallengeParser.Parse([header]).Select(c => $"{c.Scheme}{{{string.Join(';', c.Parameters.Select(p => $"{p.Key}={p.Value}"))}}}")),
        Is.EqualTo(expected));

    [TestCase("https://registry.example.com", "registry.example.com")]
    [TestCase("registry.example.com:5000", "registry.example.com:5000")]
    [TestCase("https://registry.example.com:443/", "registry.example.com")]
    [TestCase("http://registry.example.com", null)]
    [TestCase("https://user@registry.example.com", null)]
    [TestCase("https://registry.example.com/v2", null)]
    [TestCase("https://registry.example.com/?a", null)]
    [TestCase("ftp://registry.example.com", null)]
    [TestCase("", null)]
    public void An_endpoint_is_scheme_host_and_port(string text, string? authority) =>
        Assert.That(RegistryEndpoint.TryParse(text, allowPlainHttp: false)?.Authority, Is.EqualTo(authority));

    [TestCase("https://r.example.com/token", true)]
    [TestCase("https://R.example.com./token", true)]
    [TestCase("https://auth.example.com/token", true)]
    [TestCase("https://auth.example.com:8443/token", false)]
    [TestCase("https://ldap.example.com:8443/token", true)]
    [TestCase("https://r.example.com:444/token", false)]
    [TestCase("http://r.example.com/token", false)]
    [TestCase("https://r.example.com@evil.example/token", false)]
    [TestCase("https://r.example.com.evil.example/token", false)]
    [TestCase("/token", false)]
    [TestCase(null, false)]
    public void A_realm_is_the_registry_or_one_that_is_named(string? realm, bool allowed)
    {
        var rule = new RealmRule(RegistryEndpoint.TryParse("r.example.com", false)!, ["auth.example.com", "ldap.example.com:8443"]);

        Assert.That(() => rule.Check(realm), allowed ? Throws.Nothing : Throws.TypeOf<RegistryException>().With.Property("Kind").EqualTo(RegistryFailure.Refused));
    }

    [TestCase("""<a?n=1>; rel="next" """, "a?n=1")]
    [TestCase("<a>; rel=next", "a")]
    [TestCase("<a>; title=\"x\"; rel=next", "a")]
    [TestCase("<a>; rel=prev, <b>; rel=\"next\"", "b")]
    [TestCase("<a>; rel=nextone", null)]
    [TestCase("<a>", null)]
    [TestCase("a; rel=next", null)]
    public void The_next_page_is_the_link_of_that_relation(string header, string? target)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Link", header);

        Assert.That(NextLink.Of(response), Is.EqualTo(target));
    }

    [Test]
    public void The_fallback_tag_is_the_digest_with_a_hyphen_and_a_legal_tag()
    {
        Assert.That(RegistryReferrers.FallbackTag(ContentDigest.Of([])), Is.EqualTo("sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        Assert.That(RegistryReferrers.FallbackTag("sha512:" + new string('a', 128)), Is.EqualTo("sha512-" + new string('a', 64)));
    }

    [Test]
    public void Scopes_name_each_right_once()
    {
        Assert.That(RegistryAccess.Push("a/b", "c/d").Scopes, Is.EqualTo(new[] { "repository:a/b:pull,push", "repository:c/d:pull" }));
        Assert.That(RegistryAccess.Push("a/b", "a/b"), Is.EqualTo(RegistryAccess.Push("a/b")));
        Assert.That(RegistryAccess.Catalog.Scopes, Is.EqualTo(new[] { "registry:catalog:*" }));
    }

    [Test]
    public void Credentials_do_not_show_themselves() => Assert.That(
        $"{new RegistryCredential.Basic("ann", "s3cret")} {new RegistryCredential.RefreshToken("s3cret")} {new RegistryToken("s3cret", DateTimeOffset.UnixEpoch)}",
        Does.Not.Contain("s3cret"));
}

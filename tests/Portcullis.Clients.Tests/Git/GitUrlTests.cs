using Portcullis.Clients.Git;

namespace Portcullis.Clients.Tests.Git;

/// <summary>Addresses that git, ssh and this program might take for different hosts.</summary>
internal sealed class GitUrlTests
{
    [TestCase("https://good.example\\@evil.example/repo.git")]
    [TestCase("https:\\\\good.example\\repo.git")]
    [TestCase("ssh://git@good.example\\@evil.example/repo.git")]
    [TestCase(" https://good.example/repo.git")]
    [TestCase("https://good.example/repo.git ")]
    [TestCase("ssh://-oProxyCommand=id@good.example/repo.git")]
    [TestCase("ssh://git@-oProxyCommand=id/repo.git")]
    [TestCase("ssh://%2doProxyCommand=id@good.example/repo.git")]
    [TestCase("ssh://git@%2doProxyCommand=id/repo.git")]
    [TestCase("ssh://a b@good.example/repo.git")]
    [TestCase("ssh://a%0ab@good.example/repo.git")]
    [TestCase("https://good.example%2fevil/repo.git")]
    [TestCase("ssh://git@good.example:99999/repo.git")]
    [TestCase("ext::sh -c id")]
    [TestCase("git://good.example/repo.git")]
    [TestCase("file:///etc")]
    public void What_could_mean_another_host_or_an_option_is_refused(string text)
    {
        Assert.That(GitUrl.Parse(text, allowLocal: false, out var problem), Is.Null, "it was accepted");
        Assert.That(problem, Is.Not.Empty);
    }

    [TestCase("https://good.example/repo.git", "good.example")]
    [TestCase("https://good.example:8443/a/b%20c.git", "good.example:8443")]
    [TestCase("ssh://git@good.example/~ann/repo.git", "good.example")]
    [TestCase("ssh://git@good.example:2222/repo.git", "good.example:2222")]
    [TestCase("ssh://git@[2001:db8::1]:2222/repo.git", "[2001:db8::1]:2222")]
    [TestCase("ssh://svc_deploy.1+x@good.example/repo.git", "good.example")]
    public void What_everybody_understands_alike_is_accepted(string text, string host) =>
        Assert.That(GitUrl.Parse(text, allowLocal: false, out _)?.Host, Is.EqualTo(host));
}

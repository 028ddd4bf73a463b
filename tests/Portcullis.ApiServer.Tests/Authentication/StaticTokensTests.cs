using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Tests.Policy;

namespace Portcullis.ApiServer.Tests.Authentication;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StaticTokensTests
{
    private static readonly string[] Ours = [TokenAuthenticators.ApiAudience];

    [Test]
    public void Knows_its_tokens_after_a_restart_and_keeps_none_of_them_on_disk()
    {
        using var folder = new TemporaryFolder();
        var token = new StaticTokens(folder.Path).Issue("admin.kubeconfig", "admin", ["system:masters"]);
        var user = new StaticTokens(folder.Path).Authenticate(token, Ours).User;
        var file = Path.Combine(folder.Path, "tokens.json");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(user!.Name, Is.EqualTo("admin"));
            Assert.That(user.Groups, Is.EqualTo(["system:masters"]));
            Assert.That(user.Uid, Is.EqualTo("admin"));
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(File.ReadAllText(file), Does.Not.Contain(token));
        }
    }

    [Test]
    public void A_new_token_for_a_purpose_ends_the_old_one()
    {
        using var folder = new TemporaryFolder();
        var tokens = new StaticTokens(folder.Path);
        var first = tokens.Issue("agent", "agent", []);
        var other = tokens.Issue("gateway", "gateway", []);
        var second = tokens.Issue("agent", "agent", []);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokens.Authenticate(first, Ours).User, Is.Null);
            Assert.That(tokens.Authenticate(second, Ours).User, Is.Not.Null);
            Assert.That(tokens.Authenticate(other, Ours).User, Is.Not.Null);
            Assert.That(tokens.Authenticate(other, ["registry"]).User, Is.Null, "for this server alone");
        }
    }
}

using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Authentication;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ClientCertificateAuthenticatorTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public void Reads_the_user_from_the_common_name_and_groups_from_organizations()
    {
        using var authority = new TestAuthority(_time.GetUtcNow());
        using var certificate = authority.Client("CN=ann,O=system:masters,O=crm/prod");
        var user = new ClientCertificateAuthenticator(authority.Certificate, _time).Authenticate(certificate);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(user!.Name, Is.EqualTo("ann"));
            Assert.That(user.Groups, Is.EquivalentTo(["system:masters", "crm/prod", "system:authenticated"]));
        }
    }

    [Test]
    public void Refuses_another_authority_even_of_the_same_name()
    {
        using var ours = new TestAuthority(_time.GetUtcNow());
        using var other = new TestAuthority(_time.GetUtcNow());
        using var certificate = other.Client("CN=ann,O=system:masters");
        Assert.That(new ClientCertificateAuthenticator(ours.Certificate, _time).Authenticate(certificate), Is.Null);
    }

    [Test]
    public void Refuses_a_server_certificate_and_one_without_a_name()
    {
        using var authority = new TestAuthority(_time.GetUtcNow());
        using var server = authority.Server();
        using var nameless = authority.Client("O=system:masters");
        var authenticator = new ClientCertificateAuthenticator(authority.Certificate, _time);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(authenticator.Authenticate(server), Is.Null);
            Assert.That(authenticator.Authenticate(nameless), Is.Null);
        }
    }

    [Test]
    public void Stops_knowing_a_certificate_when_it_expires()
    {
        using var authority = new TestAuthority(_time.GetUtcNow());
        using var certificate = authority.Client("CN=ann", TimeSpan.FromHours(1));
        var authenticator = new ClientCertificateAuthenticator(authority.Certificate, _time);
        Assert.That(authenticator.Authenticate(certificate), Is.Not.Null);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.That(authenticator.Authenticate(certificate), Is.Null);
    }
}

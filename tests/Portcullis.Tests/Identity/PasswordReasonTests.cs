using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.Core;
using Portcullis.Core.Organizations;
using Portcullis.Identity.Logins;
using Portcullis.Identity.Passwords;
using Portcullis.Identity.Stored;
using Portcullis.Objects;
using Portcullis.Secrets;
using Portcullis.Testing;

namespace Portcullis.Tests.Identity;

/// <summary>What the log says of a user whom an Organization lists and who has no password.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PasswordReasonTests : IDisposable
{
    private readonly FixedStore<SourceSecret> _secrets = new();
    private readonly PasswordAuthenticator _passwords;

    public PasswordReasonTests()
    {
        var organizations = new FixedStore<Organization>();
        organizations.Set([
            new Organization
            {
                Metadata = new ObjectMeta { Name = "acme", Labels = new Dictionary<string, string> { [WellKnown.Labels.Source] = "root" } },
                Spec = new OrganizationSpec { Users = [new OrganizationUser { Name = "zoe" }], PasswordsSecretRef = new SecretReference { Name = "acme-passwords" } },
            },
        ]);
        _passwords = new PasswordAuthenticator(new OrganizationPasswords(new OrganizationUsers(organizations), _secrets, new DeclaringSources(null)));
    }

    public void Dispose() => _passwords.Dispose();

    [Test]
    public async Task The_Secret_its_label_and_its_key_are_named()
    {
        Assert.That(await ReasonAsync("carl"), Is.EqualTo("nobody knows this user"));
        Assert.That(
            await ReasonAsync("zoe"),
            Is.EqualTo("nobody knows this user: the Organization acme lists him, but there is no Secret acme-passwords in the namespace portcullis-system with the label portcullis.dev/allowed-source=root"));
        _secrets.Set([Secret("other")]);
        Assert.That(await ReasonAsync("zoe"), Does.EndWith("with the label portcullis.dev/allowed-source=root"));
        _secrets.Set([Secret("root")]);
        Assert.That(await ReasonAsync("zoe"), Does.EndWith("its Secret acme-passwords has no bcrypt hash of his: neither a key of his name nor a line under htpasswd"));
    }

    private async Task<string> ReasonAsync(string user)
    {
        var time = new ManualTimeProvider();
        using var logins = new LoginService([_passwords], new VerifiedLogins(time), new LoginLimits(new NoOthers(), time), NullLogger<LoginService>.Instance);
        return ((LoginVerdict.Refused)await logins.LogInAsync(new LoginAttempt(user, "secret"), null, default)).Reason;
    }

    private static SourceSecret Secret(string source) => new()
    {
        Metadata = new ObjectMeta { Name = "acme-passwords", Namespace = WellKnown.SystemNamespace, Labels = new Dictionary<string, string> { [WellKnown.Labels.AllowedSource] = source } },
        Data = new Dictionary<string, string> { ["zoe"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("plain")) },
    };

    private sealed class NoOthers : IOtherFailures
    {
        public IEnumerable<FailureCount> Of(string who) => [];
    }
}

using System.Globalization;
using Portcullis.Core.Identity;
using Portcullis.Identity.Directories;
using Portcullis.Identity.Logins;
using Portcullis.Testing.Servers;

namespace Portcullis.Tests.Identity;

/// <summary>Log-ins at a real slapd.</summary>
[TestFixture]
internal sealed class LdapTests
{
    private const string Base = "ou=people,dc=example,dc=com";

    private Slapd _slapd = null!;
    private IdentityWorld _world = null!;
    private LdapAuthenticator _authenticator = null!;
    private TrustFolders _folders = null!;

    [SetUp]
    public async Task SetUp()
    {
        if (Slapd.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        _slapd = await Slapd.StartAsync();
        (_world, _folders) = (new IdentityWorld(), new TrustFolders());
        _authenticator = new LdapAuthenticator(_world.Providers, _world.Secrets, _folders);
    }

    [TearDown]
    public async Task TearDown()
    {
        _authenticator?.Dispose();
        _folders?.Dispose();
        if (_slapd is not null)
        {
            await _slapd.DisposeAsync();
        }
    }

    [TestCase("ldaps")]
    [TestCase("startTls")]
    [TestCase("plain on this machine")]
    public async Task A_user_is_found_and_his_password_checked(string way)
    {
        Declare(Searching(way));
        var caller = (await AcceptedAsync("lena", "lenas-password")).Caller;
        Assert.Multiple(async () =>
        {
            Assert.That(caller.User!.Name, Is.EqualTo("lena"));
            Assert.That(caller.User.Groups, Is.EqualTo(new[] { "dev" }), "and no group that the platform gives");
            Assert.That(caller.Method, Is.EqualTo(LoginMethod.Directory));
            Assert.That(await LogInAsync("lena", "wrong"), Is.InstanceOf<LoginVerdict.Refused>());
            Assert.That(await LogInAsync("nobody", "lenas-password"), Is.InstanceOf<LoginVerdict.NotMine>());
        });
    }

    [Test]
    public async Task A_users_name_is_put_into_a_template_as_a_name_and_nothing_else()
    {
        Declare(Template());
        Assert.That((await AcceptedAsync("lena", "lenas-password")).Caller.User!.Groups, Is.EqualTo(new[] { "dev" }));
        Assert.That(await LogInAsync("odd,name", "odds-password"), Is.InstanceOf<LoginVerdict.Authenticated>());
        Assert.That(await LogInAsync("lena,ou=people", "lenas-password"), Is.InstanceOf<LoginVerdict.Refused>());
        Assert.That(await LogInAsync("lena", ""), Is.InstanceOf<LoginVerdict.Refused>(), "a bind without a password succeeds for anybody");
    }

    [TestCase("*")]
    [TestCase("le*")]
    [TestCase("lena)(uid=*")]
    [TestCase("*)(objectClass=*")]
    [TestCase("LENA")]
    [TestCase("away")]
    public async Task What_is_no_users_name_is_none_whatever_a_filter_would_make_of_it(string name)
    {
        Declare(Searching("ldaps"));
        Assert.That(await LogInAsync(name, "lenas-password"), Is.Not.InstanceOf<LoginVerdict.Authenticated>());
    }

    [Test]
    public async Task Nobody_is_sent_a_password_whose_certificate_does_not_count()
    {
        using var other = LoopbackCertificate.Create();
        var ca = _world.AddSecret("other-ca", null, ("ca.crt", other.ExportCertificatePem()));
        foreach (var directory in new[] { Template() with { CaSecretRef = ca }, Template() with { CaSecretRef = null } })
        {
            Declare(directory);
            Assert.That(await LogInAsync("lena", "lenas-password"), Is.InstanceOf<LoginVerdict.Unknown>());
        }
    }

    [Test]
    public async Task The_searchers_password_goes_only_to_the_host_that_its_Secret_is_for()
    {
        var elsewhere = _world.AddSecret("elsewhere", "ldap.example.com", ("username", Slapd.Searcher), ("password", Slapd.SearcherPassword));
        var directory = Searching("ldaps");
        Declare(directory with { Search = directory.Search! with { BindSecretRef = elsewhere } });
        Assert.That(((LoginVerdict.Unknown)await LogInAsync("lena", "lenas-password")).Reason, Does.Contain("allowed-host"));
    }

    [Test]
    public async Task A_directory_that_does_not_answer_is_no_refusal()
    {
        Declare(Searching("ldaps"));
        await _slapd.StopAsync();
        Assert.That(((LoginVerdict.Unknown)await LogInAsync("lena", "lenas-password")).Reason, Does.Contain("IdentityProvider ldap"));
    }

    [Test]
    public async Task A_token_is_not_shown_to_a_directory()
    {
        Declare(Template());
        Assert.That(await LogInAsync("lena", "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln"), Is.InstanceOf<LoginVerdict.NotMine>());
    }

    private void Declare(LdapDirectory directory) => _world.Add("ldap", new IdentityProviderSpec { Ldap = directory });

    private async Task<LoginVerdict> LogInAsync(string user, string password) => await _authenticator.AuthenticateAsync(new LoginAttempt(user, password), CancellationToken.None);

    private async Task<LoginVerdict.Authenticated> AcceptedAsync(string user, string password)
    {
        var verdict = await LogInAsync(user, password);
        Assert.That(verdict, Is.InstanceOf<LoginVerdict.Authenticated>(), verdict.ToString());
        return (LoginVerdict.Authenticated)verdict;
    }

    private LdapDirectory Template() => new()
    {
        Url = Url("ldaps", _slapd.TlsPort),
        CaSecretRef = _world.AddSecret("ca", null, ("ca.crt", _slapd.CertificatePem)),
        UserDnTemplate = $"uid={{user}},{Base}",
        GroupAttribute = "seeAlso",
    };

    private LdapDirectory Searching(string way)
    {
        var url = way == "ldaps" ? Url("ldaps", _slapd.TlsPort) : Url("ldap", _slapd.Port);
        return Template() with
        {
            Url = url,
            StartTls = way == "startTls" ? true : null,
            UserDnTemplate = null,
            Search = new LdapSearch
            {
                BindSecretRef = _world.AddSecret("searcher", new Uri(url).Authority, ("username", Slapd.Searcher), ("password", Slapd.SearcherPassword)),
                Base = Base,
                Filter = "(&(objectClass=inetOrgPerson)(uid={user}))",
            },
        };
    }

    private static string Url(string scheme, int port) => string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{port}");
}

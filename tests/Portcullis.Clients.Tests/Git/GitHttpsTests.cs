using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Git;
using Portcullis.Testing.Git;
using Portcullis.Testing.Servers;

namespace Portcullis.Clients.Tests.Git;

/// <summary>Over https, against a server that hands out a bare repository's files (git's dumb protocol) to who shows the right credentials.</summary>
[TestFixture]
internal sealed class GitHttpsTests
{
    private GitWorkspace _workspace = null!;
    private WebApplication _server = null!;
    private string _authority = "";
    private string _expected = "";

    [SetUp]
    public async Task SetUp()
    {
        _workspace = new GitWorkspace();
        _workspace.Write("a.yaml", "one").Commit();
        _workspace.Git("clone", "--quiet", "--bare", _workspace.Folder, Bare);
        _workspace.Run("git", Bare, "update-server-info");
        _expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:s3cret"));
        await StartServerAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _server.DisposeAsync();
        _workspace.Dispose();
    }

    private string Bare => Path.Combine(_workspace.Root, "bare.git");

    [Test]
    public async Task User_and_password_are_shown_to_the_server()
    {
        var mirror = Mirror(new GitCredentials.Basic("ann", "s3cret"));

        Assert.That((await mirror.ListAsync("refs/heads/main", default)).Single().Commit, Is.EqualTo(_workspace.Head));
        Assert.That(await mirror.FetchedAsync("refs/heads/main"), Is.EqualTo(_workspace.Head));
    }

    [Test]
    public async Task A_bearer_token_is_shown_to_the_server()
    {
        _expected = "Bearer tok3n";

        Assert.That((await Mirror(new GitCredentials.Bearer("tok3n")).ListAsync("refs/heads/main", default)).Single().Commit, Is.EqualTo(_workspace.Head));
    }

    [Test]
    public async Task Wrong_credentials_are_told_as_denied_and_not_told()
    {
        var denied = (await Assert.ThrowsAsync<GitException>(() => Mirror(new GitCredentials.Basic("ann", "wr0ng")).ListAsync("refs/heads/main", default)))!;

        Assert.That(denied.Failure, Is.EqualTo(GitFailure.Denied), denied.Message);
        Assert.That(denied.ToString(), Does.Not.Contain("wr0ng").And.Not.Contain(Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:wr0ng"))));
    }

    [Test]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        _authority = "";

        var denied = (await Assert.ThrowsAsync<GitException>(() => Mirror(new GitCredentials.Basic("ann", "s3cret")).ListAsync("refs/heads/main", default)))!;

        Assert.That(denied.Failure, Is.EqualTo(GitFailure.Denied), denied.Message);
    }

    [Test]
    public async Task A_redirect_is_not_followed()
    {
        var mirror = Mirror(new GitCredentials.Basic("ann", "s3cret"), "moved.git");

        var refused = (await Assert.ThrowsAsync<GitException>(() => mirror.ListAsync("refs/heads/main", default)))!;

        Assert.That(refused.Failure, Is.EqualTo(GitFailure.NotAllowed), refused.Message);
    }

    [Test]
    public async Task A_repository_that_is_not_there_is_told()
    {
        var missing = (await Assert.ThrowsAsync<GitException>(
            () => Mirror(new GitCredentials.Basic("ann", "s3cret"), "none.git").ListAsync("refs/heads/main", default)))!;

        Assert.That(missing.Failure, Is.EqualTo(GitFailure.NoRepository), missing.Message);
    }

    private GitMirror Mirror(GitCredentials credentials, string name = "bare.git") => new(
        new GitOptions { CacheFolder = _workspace.Cache },
        new GitRemote(GitUrl.Parse($"{_server.Urls.First()}/{name}", false, out _)!)
        {
            Credentials = credentials,
            CertificateAuthority = _authority.Length == 0 ? null : _authority,
            Timeout = TimeSpan.FromSeconds(30),
        },
        TimeProvider.System);

    private async Task StartServerAsync()
    {
        var certificate = LoopbackCertificate.Create();
        _authority = certificate.ExportCertificatePem();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        _server = builder.Build();
        _server.Run(ServeAsync);
        await _server.StartAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/moved.git", StringComparison.Ordinal))
        {
            context.Response.Redirect("https://127.0.0.1:1/elsewhere.git");
            return;
        }

        if (context.Request.Headers.Authorization != _expected)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            return;
        }

        var served = Directory.EnumerateFiles(Bare, "*", SearchOption.AllDirectories);
        if (served.FirstOrDefault(f => "/" + Path.GetRelativePath(_workspace.Root, f) == path) is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await context.Response.SendFileAsync(file);
    }
}

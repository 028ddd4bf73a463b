using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Portcullis.Testing;
using Portcullis.Testing.Notaries;

namespace Portcullis.Tests.Gateway;

/// <summary>The notary client against the gateway's own host, with a real notary-server behind it.</summary>
[TestFixture]
internal sealed class TrustDataTests
{
    private GatewayWorld _world = null!;
    private NotaryServer _notary = null!;
    private string _folder = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (NotaryServer.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        _folder = Directory.CreateTempSubdirectory("pt-").FullName;
        var port = GatewayWorld.FreePort();
        _world = await GatewayWorld.StartAsync(whole: true, notary: $"{{url: \"http://127.0.0.1:{port}\"}}");
        var tokens = new NotaryServerTokens("https://localhost/token", GatewayWorld.Service, GatewayWorld.Issuer, _world.RootPem);
        _notary = await NotaryServer.StartAsync(new NotaryServerOptions { Port = port, Tokens = tokens });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_notary is not null)
        {
            await _notary.DisposeAsync();
        }

        if (_world is not null)
        {
            await _world.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public async Task Trust_data_is_published_by_whoever_may_push_and_read_by_whoever_may_pull()
    {
        var gun = $"{_world.Host}/{GatewayWorld.Name}";
        var file = Path.Combine(_folder, "target");
        await File.WriteAllTextAsync(file, "content");
        using var ann = ClientOf("ann:anns-password");
        using var bob = ClientOf("bob:bobs-password");
        var added = await ann.RunAsync("init", gun, "--publish");
        Assert.That(added.ExitCode, Is.Zero, added.Text);
        var target = await ann.RunAsync("add", gun, "1.0", file, "--publish");
        Assert.That(target.ExitCode, Is.Zero, target.Text);
        var listed = await bob.RunAsync("list", gun);
        Assert.That(listed.Text, Does.Contain("1.0"));

        await File.WriteAllTextAsync(file, "other");
        var denied = await bob.RunAsync("add", gun, "2.0", file, "--publish");
        Assert.That(denied.ExitCode, Is.Not.Zero, denied.Text);
        var foreign = await bob.RunAsync("list", $"{_world.Host}/vault/secret");
        Assert.That(foreign.ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task A_publication_is_answered_only_once_it_is_kept()
    {
        await _world.Cluster.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: other}
            spec: {registry: dtr, name: shop/other}
            """);
        var gun = $"{_world.Host}/shop/other";
        using var ann = ClientOf("ann:anns-password");
        using var reader = ClientOf("ann:anns-password");
        _world.Published.Hold();
        var publication = ann.RunAsync("init", gun, "--publish");
        try
        {
            await Eventually.HoldsAsync(() => publication.IsCompleted || _world.Published.Guns.Contains(gun));
            var listed = await reader.RunAsync("list", gun);
            Assert.That(listed.ExitCode, Is.Zero, listed.Text);
            Assert.That(publication.IsCompleted, Is.False);
        }
        finally
        {
            _world.Published.Release();
        }

        var published = await publication;
        Assert.That(published.ExitCode, Is.Zero, published.Text);
    }

    [Test]
    public async Task Who_may_only_sign_publishes_trust_data_and_pushes_no_image()
    {
        var gun = $"{_world.Host}/shop/base";
        using var carl = ClientOf("carl:carls-password");
        var published = await carl.RunAsync("init", gun, "--publish");
        Assert.That(published.ExitCode, Is.Zero, published.Text);
        using var client = Https();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("carl:carls-password"u8));
        var tokens = await client.GetStringAsync(new Uri($"https://{_world.Host}/token?service={_world.Host}&scope=repository:{gun}:pull,push"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", JsonNode.Parse(tokens)!["token"]!.GetValue<string>());
        using var pushed = await client.PostAsync(new Uri($"https://{_world.Host}/v2/shop/base/blobs/uploads/"), null);
        Assert.That(pushed.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await pushed.Content.ReadAsStringAsync(), Does.Contain("carl may not push to shop/base"));
    }

    private static HttpClient Https() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    });

    private NotaryClientProgram ClientOf(string credentials) =>
        new(new Uri($"https://{_world.Host}")) { Credentials = credentials, AuthorityFile = _world.AuthorityFile };
}

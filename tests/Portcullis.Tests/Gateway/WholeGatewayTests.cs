using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portcullis.Gateway.Serving;
using Portcullis.Testing;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Gateway;

/// <summary>The gateway as it is run, over TLS and with its own token service, and real clients before it.</summary>
[TestFixture]
internal sealed class WholeGatewayTests
{
    private const string Skopeo = "/usr/bin/skopeo";

    private GatewayWorld _world = null!;
    private string _folder = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("pw-").FullName;
        _world = await GatewayWorld.StartAsync("immutability: {rules: [{tags: ['1.*']}]}", whole: true);
        File.Copy(_world.AuthorityFile, Path.Combine(_folder, "ca.crt"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Skopeo_logs_in_pushes_lists_copies_and_is_refused_what_it_may_not()
    {
        if (!File.Exists(Skopeo))
        {
            Assert.Ignore("not run: skopeo is not installed (apt-get install skopeo)");
        }

        await using var outside = await DockerRegistry.StartAsync();
        var (first, second) = (new ImageBuilder(1).AsDocker().WithLayers(2, 200_000).Build(), ImageBuilder.Small(2));
        await first.PushAsync(outside.Client(), "a/b", "1");
        await second.PushAsync(outside.Client(), "a/b", "2");
        var source = $"docker://{outside.Address.Authority}/a/b";
        var target = $"docker://{_world.Host}/{GatewayWorld.Name}";

        var pushed = await RunAsync("copy", "--preserve-digests", "--src-tls-verify=false", $"--dest-cert-dir={_folder}", "--dest-creds=ann:anns-password", $"{source}:1", $"{target}:1.0");
        Assert.That(pushed.ExitCode, Is.Zero, pushed.Text);
        var digest = await RunAsync("inspect", $"--cert-dir={_folder}", "--creds=bob:bobs-password", "--format={{.Digest}}", $"{target}:1.0");
        Assert.That(digest.Text.Trim(), Is.EqualTo(first.Digest));
        var overwritten = await RunAsync("copy", "--preserve-digests", "--src-tls-verify=false", $"--dest-cert-dir={_folder}", "--dest-creds=ann:anns-password", $"{source}:2", $"{target}:1.0");
        Assert.That(overwritten.ExitCode, Is.Not.Zero);
        Assert.That(overwritten.Text, Does.Contain("is an immutable repository"));
        var denied = await RunAsync("copy", "--preserve-digests", "--src-tls-verify=false", $"--dest-cert-dir={_folder}", "--dest-creds=bob:bobs-password", $"{source}:2", $"{target}:2.0");
        Assert.That(denied.ExitCode, Is.Not.Zero);
        Assert.That(denied.Text, Does.Contain("denied").Or.Contain("unauthorized"));
        var wrong = await RunAsync("inspect", $"--cert-dir={_folder}", "--creds=ann:wrong", $"{target}:1.0");
        Assert.That(wrong.ExitCode, Is.Not.Zero);
        var pulled = await RunAsync("copy", $"--src-cert-dir={_folder}", "--src-creds=bob:bobs-password", $"{target}:1.0", $"dir:{Path.Combine(_folder, "pulled")}");
        Assert.That(pulled.ExitCode, Is.Zero, pulled.Text);
        var tags = await RunAsync("list-tags", $"--cert-dir={_folder}", "--creds=bob:bobs-password", target);
        Assert.That(tags.Text, Does.Contain("1.0").And.Not.Contain("2.0"));
    }

    [Test]
    public async Task A_grant_that_is_taken_away_ends_the_use_of_tokens_issued_before_within_a_second()
    {
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{_world.Host}/token?service={_world.Host}&scope=repository:{GatewayWorld.Name}:pull");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("bob:bobs-password")));
        using var response = await client.SendAsync(request);
        var token = (string)System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!["token"]!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var path = $"https://{_world.Host}/v2/{GatewayWorld.Name}/tags/list";
        Assert.That((await client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await GrantBobAsync("carl");
        var took = Stopwatch.StartNew();
        await Eventually.HoldsAsync(async () => (await client.GetAsync(path)).StatusCode == HttpStatusCode.Forbidden);
        Assert.That(took.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        await GrantBobAsync("bob");
        await Eventually.HoldsAsync(async () => (await client.GetAsync(path)).StatusCode == HttpStatusCode.OK);
    }

    [Test]
    public async Task A_certificate_that_is_replaced_is_shown_without_a_restart_and_its_authority_is_served()
    {
        using var client = Client();
        var before = await client.GetStringAsync($"https://{_world.Host}/ca");
        Assert.That(before, Is.EqualTo(await File.ReadAllTextAsync(_world.AuthorityFile)));
        _world.WriteCertificate();
        var certificate = (ReloadedCertificate)_world.Gateways[0].Services.GetService(typeof(ReloadedCertificate))!;
        await certificate.LoadAsync(default);
        using var trusting = Client();
        Assert.That(await trusting.GetStringAsync($"https://{_world.Host}/ca"), Is.EqualTo(await File.ReadAllTextAsync(_world.AuthorityFile)).And.Not.EqualTo(before));

        // A broken one changes nothing.
        await File.WriteAllTextAsync(_world.CertificateFile, "nonsense");
        Assert.That(async () => await certificate.LoadAsync(default), Throws.InstanceOf<CertificateException>().With.Message.Contains(_world.CertificateFile));
        using var still = Client();
        Assert.That((await still.GetAsync($"https://{_world.Host}/ca")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        File.Copy(_world.AuthorityFile, Path.Combine(_folder, "ca.crt"), overwrite: true);
    }

    /// <summary>Trusts the authority of the gateway alone.</summary>
    private HttpClient Client()
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(_world.AuthorityFile);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } });
    }

    private Task GrantBobAsync(string user) => _world.Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Grant
        metadata: {name: bob}
        spec: {subject: {kind: User, name: {{user}} }, role: ViewOnly, collection: /shop, repositoryPermission: read}
        """);

    private static async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Skopeo, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output + await error);
    }
}

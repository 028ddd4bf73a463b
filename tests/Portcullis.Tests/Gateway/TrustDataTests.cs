using System.Diagnostics;
using System.Text;

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
        _notary = await NotaryServer.StartAsync(port, GatewayWorld.Issuer, GatewayWorld.Service, _world.RootPem);
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
        var added = await NotaryAsync("ann", "anns-password", "init", gun, "--publish");
        Assert.That(added.ExitCode, Is.Zero, added.Text);
        var target = await NotaryAsync("ann", "anns-password", "add", gun, "1.0", file, "--publish");
        Assert.That(target.ExitCode, Is.Zero, target.Text);
        var listed = await NotaryAsync("bob", "bobs-password", "list", gun);
        Assert.That(listed.Text, Does.Contain("1.0"));

        await File.WriteAllTextAsync(file, "other");
        var denied = await NotaryAsync("bob", "bobs-password", "add", gun, "2.0", file, "--publish");
        Assert.That(denied.ExitCode, Is.Not.Zero, denied.Text);
        var foreign = await NotaryAsync("bob", "bobs-password", "list", $"{_world.Host}/vault/secret");
        Assert.That(foreign.ExitCode, Is.Not.Zero);
    }

    private async Task<(int ExitCode, string Text)> NotaryAsync(string user, string password, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/notary", ["-s", $"https://{_world.Host}", "-d", Path.Combine(_folder, user), "--tlscacert", _world.AuthorityFile, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["NOTARY_AUTH"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        foreach (var role in (string[])["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION"])
        {
            start.Environment[$"NOTARY_{role}_PASSPHRASE"] = "a-passphrase";
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output + await error);
    }
}

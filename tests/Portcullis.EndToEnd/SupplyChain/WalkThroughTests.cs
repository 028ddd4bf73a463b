using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Portcullis.EndToEnd.Packaging;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Git;
using Portcullis.Testing.Notaries;
using Portcullis.Testing.Registries;
using Portcullis.Testing.Servers;

namespace Portcullis.EndToEnd.SupplyChain;

/// <summary>The commands of <c>docs/supply-chain.md</c>, as they stand there, against the repository's own examples.</summary>
[TestFixture]
internal sealed partial class WalkThroughTests
{
    private const string PageGateway = "localhost:5443";

    [Test]
    public async Task The_page_about_the_supply_chain_does_what_it_says()
    {
        if ((DockerEngine.Missing ?? DockerClient.Missing ?? DockerRegistry.Missing ?? NotaryServer.Missing ?? Kubectl.Missing) is { } reason)
        {
            Assert.Ignore(reason);
        }

        var state = Directory.CreateTempSubdirectory("pw-").FullName;
        using var git = new GitWorkspace();
        try
        {
            var port = LoopbackServer.FreePort();
            CopyExamples(git, port);
            var examples = Path.Combine(state, "examples.git");
            git.Git("clone", "--quiet", "--bare", ".", examples);
            await using var up = PortcullisProcess.Start(
                "up", "--source", examples, "--state", state, "--gateway-port", port.ToString(CultureInfo.InvariantCulture));
            var kubectl = new Kubectl(await up.SaysAsync("export KUBECONFIG="));
            await Eventually.HoldsAsync(
                async () => File.Exists(Path.Combine(state, "engine", "docker.sock")) && (await kubectl.RunAsync("get", "registry/dtr", "promotionpolicy/flask-latest")).Code == 0, TimeSpan.FromSeconds(60));
            var page = await File.ReadAllTextAsync(RepositoryFolder.Combine("docs", "supply-chain.md"));
            var commands = string.Join('\n', Block().Matches(page).Select(m => m.Groups["commands"].Value)).Replace(PageGateway, $"localhost:{port}", StringComparison.Ordinal);

            var (code, output) = await RunAsync(commands, state);

            Assert.That(code, Is.Zero, output);
            Assert.That(output, Does.Contain($"tag=66 cannot be overwritten because localhost:{port}/admin/flask_build is an immutable repository"));
            Assert.That(output, Does.Contain("may not push to admin/flask"), "nobody but a policy writes it");
            Assert.That(output, Does.Match("66 sha256:[0-9a-f]{64} gitlab 2"), "the ledger");
            Assert.That(output, Does.Contain($"image or trust data does not exist for localhost:{port}/admin/flask:66"), "nothing unsigned runs");
            Assert.That(output, Does.Contain("pod/web created"), "what is signed runs");
        }
        finally
        {
            EngineFolder.Delete(state);
        }
    }

    /// <summary>Each command as it is shown, ended by the first that fails. A command that must fail begins with an exclamation mark, which does not end it otherwise.</summary>
    private static async Task<(int Code, string Output)> RunAsync(string commands, string state)
    {
        var script = Path.Combine(state, "walk-through.sh");
        var strict = MustFail().Replace(commands, m => $"if {m.Groups["command"].Value}; then echo 'this must fail'; exit 9; fi");
        await File.WriteAllTextAsync(script, $"set -euxo pipefail\ncd {state}\ncp {RepositoryFolder.Combine("README.md")} {RepositoryFolder.Combine("quickstart")} .\n{strict}");
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"exec timeout 600 bash {script} 2>&1"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["STATE"] = state;
        start.Environment["DOCKER_CONFIG"] = Path.Combine(state, "docker-config");
        start.Environment["PATH"] = $"{Path.GetDirectoryName(RepositoryFolder.Program)}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    private static void CopyExamples(GitWorkspace git, int port)
    {
        var examples = RepositoryFolder.Combine("examples");
        foreach (var file in Directory.EnumerateFiles(examples, "*.yaml", SearchOption.AllDirectories))
        {
            git.Write(Path.GetRelativePath(examples, file), File.ReadAllText(file).Replace(PageGateway, $"localhost:{port}", StringComparison.Ordinal));
        }

        git.Commit("Declare the company");
    }

    [GeneratedRegex("```bash\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^! (?<command>[^#\n]*)(#.*)?$", RegexOptions.Multiline)]
    private static partial Regex MustFail();
}

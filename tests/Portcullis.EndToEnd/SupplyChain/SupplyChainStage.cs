using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Git;
using Portcullis.Testing.Notaries;
using Portcullis.Testing.Servers;

namespace Portcullis.EndToEnd.SupplyChain;

/// <summary><c>portcullis up</c> with its private registry and Engine, what the second reference document sets up by hand declared in Git, and a GitLab beside it.</summary>
internal sealed class SupplyChainStage : IAsyncDisposable
{
    public const string Project = "tickets/flask";
    public const string VulnerableFlask = "2.2.4";
    public const string MendedFlask = "2.2.5";
    public const string TriggerToken = "the-trigger-token";
    public const string Audience = "dtr.example.com";

    private readonly string _state = Directory.CreateTempSubdirectory("ps-").FullName;
    private PortcullisProcess? _up;
    private Kubectl? _kubectl;

    private SupplyChainStage(GitLabStandIn gitLab) => GitLab = gitLab;

    public GitLabStandIn GitLab { get; }

    public GitWorkspace Git { get; } = new();

    public int Port { get; } = LoopbackServer.FreePort();

    /// <summary>The registry as clients name it.</summary>
    public string Host => $"localhost:{Port}";

    /// <summary>The public repository as trust data names it.</summary>
    public string Gun => $"{Host}/admin/flask";

    public Kubectl Kubectl => _kubectl ?? throw new InvalidOperationException("not started");

    public string Kubeconfig => Kubectl.Kubeconfig;

    public static async Task<SupplyChainStage> StartAsync()
    {
        var stage = new SupplyChainStage(await GitLabStandIn.StartAsync());
        SupplyChainDeclarations.Write(stage);
        await stage.UpAsync();
        await stage.AddSecretsAsync();
        await stage.ImportAdvisoriesAsync();
        await Eventually.HoldsAsync(async () => (await stage.DockerAsync("version")).Code == 0, TimeSpan.FromSeconds(60));
        await stage.UntilReadyAsync("registry/dtr", "repository/flask-build", "repository/flask", "identityprovider/gitlab", "collection/supply-chain", "collection/builds", "grant/pipeline-pushes", "grant/pipeline-signs", "grant/administrator", "promotionpolicy/flask-builds", "promotionpolicy/flask-latest");
        return stage;
    }

    /// <summary>Starts <c>up</c>, on what an earlier one left.</summary>
    public async Task UpAsync()
    {
        _up = PortcullisProcess.Start("up", "--source", Git.Folder, "--state", _state, "--gateway-port", Port.ToString(CultureInfo.InvariantCulture));
        _kubectl = new Kubectl(await _up.SaysAsync("export KUBECONFIG="));
    }

    /// <summary>As <c>kill -9</c>: what it had started ends with it.</summary>
    public async Task KillAsync()
    {
        await _up!.KillAsync();
        await _up.DisposeAsync();
        _up = null;
        await Eventually.HoldsAsync(() => ProcessTable.Mentioning(_state).Count == 0, TimeSpan.FromSeconds(40));
    }

    public Task UntilReadyAsync(params string[] objects) => Eventually.HoldsAsync(
        async () => (await Kubectl.RunAsync(["wait", "--for=condition=Ready", "--timeout=30s", .. objects])).Code == 0, TimeSpan.FromSeconds(90));

    /// <summary>The docker program against the private Engine: exit code, and output and error as one.</summary>
    public Task<(int Code, string Output)> DockerAsync(params IReadOnlyList<string> arguments) => RunAsync("docker", arguments, null);

    /// <summary>The same with a line on its standard input.</summary>
    public Task<(int Code, string Output)> DockerWithInputAsync(string input, params IReadOnlyList<string> arguments) => RunAsync("docker", arguments, input);

    /// <summary>Logs docker in as a job of the project.</summary>
    public async Task LogInAsync(string project = Project)
    {
        var (code, output) = await DockerWithInputAsync(GitLab.IdToken(project, Audience, TimeProvider.System.GetUtcNow()), "login", "-u", "gitlab-ci", "--password-stdin", Host);
        Assert.That(code, Is.Zero, output);
    }

    /// <summary>The notary client of a job of the project, without any key.</summary>
    public Task<NotaryClientProgram> NotaryAsync() => NotaryAsync($"gitlab-ci:{GitLab.IdToken(Project, Audience, TimeProvider.System.GetUtcNow())}");

    /// <summary>The notary client of somebody who has got at the operator's targets key, and may publish.</summary>
    public async Task<NotaryClientProgram> AdministratorAsync()
    {
        var (code, secret, said) = await PortcullisProcess.RunAsync("token", "create", "ann", "--permission", "admin", "--expires-in", "1h");
        Assert.That(code, Is.Zero, said);
        (code, var output) = await RunAsync("kubectl", ["apply", "-f", "-"], secret);
        Assert.That(code, Is.Zero, output);
        var token = Regex.Match(said, "pct_[A-Za-z0-9_-]+").Value;
        var administrator = await NotaryAsync($"ann:{token}");
        var key = Path.Combine(administrator.Folder, "targets.pem");
        var encoded = await Kubectl.AskAsync("get", "secret", "up-trust-targets", "--namespace", "portcullis-trust", "-o", "jsonpath={.data.targets\\.key}");
        await File.WriteAllBytesAsync(key, Convert.FromBase64String(encoded));
        (await administrator.RunAsync("key", "import", key, "--role", "targets", "--gun", Gun)).Succeeded();
        await Eventually.HoldsAsync(async () => (await administrator.RunAsync("list", Gun)).ExitCode == 0, TimeSpan.FromSeconds(60));
        return administrator;
    }

    private async Task<NotaryClientProgram> NotaryAsync(string credentials)
    {
        var authority = Path.Combine(_state, "ca.crt");
        var (code, output) = await RunAsync("curl", ["--silent", "--show-error", "--insecure", $"https://{Host}/ca", "--output", authority], null);
        Assert.That(code, Is.Zero, output);
        return new NotaryClientProgram(new Uri($"https://{Host}")) { AuthorityFile = authority, Credentials = credentials };
    }

    /// <summary>
    /// Gives the pipeline a key, declares its certificate, and waits until the Notary server has the delegations: the notary client of a job, ready to sign.
    /// </summary>
    public async Task<NotaryClientProgram> PipelineAsync()
    {
        var pipeline = await NotaryAsync();
        var (key, certificate) = pipeline.NewKeyPair("gitlab");
        await pipeline.ImportAsync(key, "gitlab");
        var id = Path.GetFileNameWithoutExtension(pipeline.KeyFiles.Single());
        SupplyChainDeclarations.WriteTrust(this, await File.ReadAllTextAsync(certificate));
        await UntilReadyAsync("trustdelegation/flask", "signingpolicy/production");
        await Eventually.HoldsAsync(
            async () => (await pipeline.RunAsync("delegation", "list", Gun)) is { ExitCode: 0, Text: var text } && text.Split(id).Length == 3, TimeSpan.FromSeconds(90));
        return pipeline;
    }

    /// <summary>Builds and pushes an image as the pipeline does, and waits until it is promoted; its name then.</summary>
    public async Task<string> PromotedAsync(string tag)
    {
        var build = $"{Host}/admin/flask_build:{tag}";
        await BuildAsync(build, $"print('{tag}')");
        await LogInAsync();
        var (code, output) = await DockerAsync("push", build);
        Assert.That(code, Is.Zero, output);
        await Eventually.HoldsAsync(async () => (await RunAsync("skopeo", ["inspect", "--raw", "--no-creds", "--tls-verify=false", $"docker://{Gun}:{tag}"], null)).Code == 0, TimeSpan.FromSeconds(60));
        return $"{Gun}:{tag}";
    }

    /// <summary>Signs what is promoted under a tag, for docker and for the policy, by the digest and the length of its manifest.</summary>
    public async Task SignAsync(NotaryClientProgram pipeline, string tag)
    {
        var (code, output) = await RunAsync("sh", ["-c", $"skopeo inspect --raw --no-creds --tls-verify=false docker://{Gun}:{tag} > {_state}/manifest.json && sha256sum < {_state}/manifest.json && wc -c < {_state}/manifest.json"], null);
        Assert.That(code, Is.Zero, output);
        var words = output.Split([' ', '-', '\n'], StringSplitOptions.RemoveEmptyEntries);
        await pipeline.SignAsync(Gun, tag, words[0], long.Parse(words[1], CultureInfo.InvariantCulture), "targets/releases", "targets/gitlab");
    }

    /// <summary><c>kubectl run</c> in production.</summary>
    public Task<(int Code, string Output)> RunPodAsync(string name, string image) => RunAsync("kubectl", ["run", name, "--namespace", "shop", $"--image={image}"], null);

    /// <summary>Makes an image of a program and of the package flask in this version, under a name.</summary>
    public async Task BuildAsync(string image, string content, string flask = VulnerableFlask)
    {
        var folder = Directory.CreateTempSubdirectory("ps-image-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "app.py"), content);
            var package = folder.CreateSubdirectory($"usr/lib/python3/dist-packages/flask-{flask}.dist-info");
            await File.WriteAllTextAsync(Path.Combine(package.FullName, "METADATA"), $"Metadata-Version: 2.1\nName: Flask\nVersion: {flask}\nLicense: BSD-3-Clause\n\nA web framework.\n");
            var tar = Path.Combine(folder.FullName, "..", folder.Name + ".tar");
            var (code, output) = await RunAsync("tar", ["-C", folder.FullName, "-cf", tar, "."], null);
            Assert.That(code, Is.Zero, output);
            (code, output) = await DockerAsync("import", tar, image);
            Assert.That(code, Is.Zero, output);
            File.Delete(tar);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Any program, with the Engine's address in its environment.</summary>
    public async Task<(int Code, string Output)> RunAsync(string program, IReadOnlyList<string> arguments, string? input)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["DOCKER_HOST"] = $"unix://{_state}/engine/docker.sock";
        start.Environment["DOCKER_CONFIG"] = Path.Combine(_state, "docker-config");
        start.Environment["KUBECONFIG"] = _kubectl?.Kubeconfig;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, text.Trim());
    }

    public async ValueTask DisposeAsync()
    {
        if (_up is not null)
        {
            await _up.DisposeAsync();
        }

        await GitLab.DisposeAsync();
        Git.Dispose();
        EngineFolder.Delete(_state);
    }

    /// <summary>A vulnerability database, as somebody imports it while the operator runs.</summary>
    private async Task ImportAdvisoriesAsync()
    {
        var advisory = Path.Combine(_state, "PYSEC-2023-62.json");
        await File.WriteAllTextAsync(advisory, $$"""
            {
              "id": "PYSEC-2023-62", "modified": "2023-05-10T00:00:00Z", "aliases": ["CVE-2023-30861"], "summary": "Session cookies may be cached by a proxy",
              "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
              "affected": [{"package": {"ecosystem": "PyPI", "name": "flask"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "{{MendedFlask}}"}]}]}]
            }
            """);
        var (code, output, error) = await PortcullisProcess.RunAsync("scan", "db", "import", "--database", Path.Combine(_state, "scanner", "advisories.db"), advisory);
        Assert.That(code, Is.Zero, output + error);
    }

    private async Task AddSecretsAsync()
    {
        await Kubectl.AskAsync("-n", "portcullis-system", "create", "secret", "generic", "gitlab-trigger", $"--from-literal=token={TriggerToken}");
        await Kubectl.AskAsync("-n", "portcullis-system", "label", "secret", "gitlab-trigger", "portcullis.dev/allowed-source=root");
        await Kubectl.AskAsync("-n", "portcullis-system", "annotate", "secret", "gitlab-trigger", $"portcullis.dev/allowed-host={new Uri(GitLab.Issuer).Authority}");
    }
}

using System.Diagnostics;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Git;
using Portcullis.Testing.Servers;

namespace Portcullis.EndToEnd.SupplyChain;

/// <summary><c>portcullis up</c> with its private registry and Engine, what the second reference document sets up by hand declared in Git, and a GitLab beside it.</summary>
internal sealed class SupplyChainStage : IAsyncDisposable
{
    public const string Project = "tickets/flask";
    public const string TriggerToken = "the-trigger-token";

    private readonly string _state = Directory.CreateTempSubdirectory("ps-").FullName;
    private PortcullisProcess? _up;
    private Kubectl? _kubectl;

    private SupplyChainStage(GitLabStandIn gitLab) => GitLab = gitLab;

    public GitLabStandIn GitLab { get; }

    public GitWorkspace Git { get; } = new();

    public int Port { get; } = LoopbackServer.FreePort();

    /// <summary>The registry as clients name it.</summary>
    public string Host => $"localhost:{Port}";

    public Kubectl Kubectl => _kubectl ?? throw new InvalidOperationException("not started");

    public string Kubeconfig => Kubectl.Kubeconfig;

    public static async Task<SupplyChainStage> StartAsync()
    {
        var stage = new SupplyChainStage(await GitLabStandIn.StartAsync());
        stage.Declare();
        stage._up = PortcullisProcess.Start("up", "--source", stage.Git.Folder, "--state", stage._state, "--gateway-port", stage.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--without", "notary");
        stage._kubectl = new Kubectl(await stage._up.SaysAsync("export KUBECONFIG="));
        await stage.AddSecretsAsync();
        await Eventually.HoldsAsync(async () => (await stage.DockerAsync("version")).Code == 0, TimeSpan.FromSeconds(60));
        await stage.UntilReadyAsync("registry/dtr", "repository/flask-build", "repository/flask", "identityprovider/gitlab", "promotionpolicy/flask-builds", "promotionpolicy/flask-latest");
        return stage;
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
        var (code, output) = await DockerWithInputAsync(GitLab.IdToken(project, "dtr.example.com", TimeProvider.System.GetUtcNow()), "login", "-u", "gitlab-ci", "--password-stdin", Host);
        Assert.That(code, Is.Zero, output);
    }

    /// <summary>Makes an image of one file under a name.</summary>
    public async Task BuildAsync(string image, string content)
    {
        var folder = Directory.CreateTempSubdirectory("ps-image-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "app.py"), content);
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

    private void Declare()
    {
        Git.Write("registry.yaml", $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec:
              host: {{Host}}
              upstream:
                urlSecretRef: {name: up-registry}
                signingSecretRef: {name: up-registry}
              egress: [127.0.0.1]
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: IdentityProvider
            metadata: {name: gitlab}
            spec:
              oidc:
                issuer: {{GitLab.Issuer}}
                audience: dtr.example.com
                claims: [{claim: project_path, values: ["tickets/*"]}, {claim: ref_protected, values: ["true"]}]
                userName: "ci:{project_path}"
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: flask-build}
            spec:
              registry: dtr
              name: admin/flask_build
              immutability: {rules: [{tags: ["*"]}]}
              webhooks:
                - {name: sign, events: [PROMOTION], url: "{{GitLab.Issuer}}{{GitLabStandIn.TriggerPath}}", format: GitLabTrigger, secretRef: {name: gitlab-trigger}, ref: main}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: flask}
            spec:
              registry: dtr
              name: admin/flask
              visibility: Public
              immutability: {rules: [{tags: [latest], immutable: false}, {tags: ["*"]}]}
            """);
        Git.Write("access.yaml", $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: supply-chain}
            spec: {path: /supply-chain, repositories: ["admin/*"]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: builds}
            spec: {path: /supply-chain/builds, repositories: [admin/flask_build]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: pipeline-pushes}
            spec: {role: None, collection: /supply-chain/builds, repositoryPermission: readWrite, subject: {kind: User, name: "ci:{{Project}}" } }
            """);
        Git.Write("promotions.yaml", $$"""
            {{Policy("flask-builds", "\"%n\"", "[{field: Tag, operator: Matches, values: ['^[0-9]+$']}, {field: UpdatedAge, operator: After, values: [24h]}]")}}
            ---
            {{Policy("flask-latest", "latest", "[{field: Tag, operator: Matches, values: ['^[0-9]+$']}]")}}
            ---
            {{Policy("flask-clean", "\"clean-%n\"", "[{field: AllVulnerabilities, operator: LessOrEqual, values: ['0']}]")}}
            """);
        Git.Commit("A secure supply chain");
    }

    private static string Policy(string name, string template, string criteria) =>
        $$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: PromotionPolicy
        metadata: {name: {{name}}}
        spec:
          registry: dtr
          source: {repository: admin/flask_build}
          target: {repository: admin/flask, tagTemplate: {{template}}}
          criteria: {{criteria}}
        """;

    private async Task AddSecretsAsync()
    {
        await Kubectl.AskAsync("-n", "portcullis-system", "create", "secret", "generic", "gitlab-trigger", $"--from-literal=token={TriggerToken}");
        await Kubectl.AskAsync("-n", "portcullis-system", "label", "secret", "gitlab-trigger", "portcullis.dev/allowed-source=root");
        await Kubectl.AskAsync("-n", "portcullis-system", "annotate", "secret", "gitlab-trigger", $"portcullis.dev/allowed-host={new Uri(GitLab.Issuer).Authority}");
    }
}

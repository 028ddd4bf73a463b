using System.Globalization;
using System.Net;
using Portcullis.ApiServer;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.Packaging;

/// <summary>
/// The image as the Dockerfile builds it, on bases made from this machine's own files and without any network; run as config/operator runs
/// it: not as root, on a root file system that cannot be written, without capabilities, with its ServiceAccount's token.
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class ImageTests
{
    private const string Image = "portcullis-test/portcullis";

    private DockerEngine _engine = null!;
    private DockerClient _docker = null!;

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        if ((DockerEngine.Missing ?? DockerClient.Missing) is { } reason)
        {
            Assert.Ignore(reason);
        }

        _engine = await DockerEngine.CreateAsync("{}", ["--storage-driver=overlay2"], start: true, CancellationToken.None);
        _docker = new DockerClient(_engine);
        BaseImages.Make(_docker);
        _docker.Run(
            "build", "--network=none", "--build-arg", $"SDK={BaseImages.Sdk}", "--build-arg", $"RUNTIME={BaseImages.Runtime}", "--build-arg", "PACKAGES=",
            "-t", Image, RepositoryFolder.Path);
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }

    [Test]
    public void It_shows_its_help()
    {
        var (code, output) = _docker.Try("run", "--rm", "--network=none", Image, "--help");
        Assert.That(output, Does.Contain("operator").And.Contain("agent").And.Contain("validate"));
        Assert.That(code, Is.Zero);
    }

    [Test]
    public void Its_user_can_run_git_gpg_and_ssh()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Inside("git", "--version"), Does.StartWith("git version"));
            Assert.That(Inside("gpg", "--version"), Does.StartWith("gpg (GnuPG)"));
            Assert.That(Inside("ssh", "-G", "git.example.com"), Does.Contain("user portcullis\n"), "ssh wants its user to have a name");
        });
    }

    [Test]
    public async Task The_operator_becomes_ready_and_applies_a_repository_over_ssh()
    {
        if (TestCluster.IsNamed)
        {
            Assert.Ignore("not run: the container's admission webhooks would be registered in the named cluster");
        }

        Forge.SkipWhenMissing();
        await using var cluster = await TestCluster.StartAsync();
        var installation = await Installation.ApplyAsync(cluster);
        using var git = new GitWorkspace();
        git.Write("org.yaml", Manifests.Organization("acme", "platform", "ann")).Commit();
        var root = Directory.CreateDirectory(Path.Combine(git.Root, "root")).FullName;
        using var forge = await Forge.StartAsync(cluster, git, "root", Path.Combine(root, "root.yaml"));
        var health = LoopbackPort.Free();
        await using var container = await StartAsync(await PodAsync(cluster, installation, git.Root, health));

        using var probes = new Probes(health);
        await probes.UntilAsync("/readyz", HttpStatusCode.OK);
        await forge.AppliedAsync(git.Head);
        Assert.That(await container.RunsAsync());
    }

    [Test]
    public async Task The_embedded_api_runs_in_it()
    {
        await using var container = await StartAsync(["--network=host", "--read-only", "--tmpfs", "/tmp", "--tmpfs", "/state:uid=65532,mode=0700", Image, "apiserver", "--state", "/state"]);
        await Eventually.HoldsAsync(
            async () => await container.RunsAsync() && container.Log.Contains("Listening on https://127.0.0.1:", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
    }

    /// <summary>What config/operator/deployment.yaml says of the pod, in docker's words.</summary>
    private static async Task<IReadOnlyList<string>> PodAsync(TestCluster cluster, Installation installation, string folder, int health)
    {
        var pod = Installation.Everything().Single(m => m["kind"]!.GetValue<string>() == "Deployment" && m["metadata"]!["name"]!.GetValue<string>() == "portcullis-operator")["spec"]!["template"]!["spec"]!;
        var container = pod["containers"]![0]!;
        var (user, may) = (pod["securityContext"]!, container["securityContext"]!);
        Assert.That(user["runAsNonRoot"]!.GetValue<bool>() && may["readOnlyRootFilesystem"]!.GetValue<bool>() && !may["allowPrivilegeEscalation"]!.GetValue<bool>());
        var id = user["runAsUser"]!.ToString();
        var account = await AccountAsync(installation, pod["serviceAccountName"]!.GetValue<string>(), cluster, folder);
        var address = cluster.Connection.Server;
        var args = container["args"]!.AsArray().Select(a => a!.GetValue<string>());
        return
        [
            "--network=host", "--read-only", "--security-opt=no-new-privileges", "--cap-drop=ALL", "--user", $"{id}:{user["runAsGroup"]}",
            "-v", $"{Path.Combine(folder, "root")}:/etc/portcullis/root:ro",
            .. container["volumeMounts"]!.AsArray().Where(m => m!["name"]!.GetValue<string>() != "root").SelectMany(m => (string[])["--tmpfs", $"{m!["mountPath"]}:uid={id},mode=0770"]),
            "-v", $"{account}:/var/run/secrets/kubernetes.io/serviceaccount:ro",
            "-e", "POD_NAME=operator-0", "-e", $"KUBERNETES_SERVICE_HOST={address.Host}", "-e", $"KUBERNETES_SERVICE_PORT={address.Port.ToString(CultureInfo.InvariantCulture)}",
            Image, .. args,

            // The host's network is shared with other tests.
            "--health-port", health.ToString(CultureInfo.InvariantCulture), "--metrics-port", "0", "--receiver-port", "0",
            "--admission-port", LoopbackPort.Free().ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static async Task<string> AccountAsync(Installation installation, string account, TestCluster cluster, string folder)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, "account")).FullName;
        await File.WriteAllTextAsync(Path.Combine(path, "token"), await installation.TokenAsync(account));
        await File.WriteAllTextAsync(Path.Combine(path, "namespace"), Installation.Namespace);
        await File.WriteAllTextAsync(Path.Combine(path, "ca.crt"), string.Join('\n', cluster.Connection.CertificateAuthorities.Select(c => c.ExportCertificatePem())));
        File.SetUnixFileMode(Path.Combine(path, "token"), (UnixFileMode)0b110_100_100);
        return path;
    }

    private string Inside(string program, params string[] arguments) =>
        _docker.Run(["run", "--rm", "--network=none", "--read-only", "--tmpfs", "/tmp", "--entrypoint", program, Image, .. arguments]);

    private async Task<Container> StartAsync(IReadOnlyList<string> arguments) => new(_docker, await Task.Run(() => _docker.Run(["run", "-d", .. arguments])));

    private sealed class Container(DockerClient docker, string id) : IAsyncDisposable
    {
        public string Log => docker.Run("logs", id);

        /// <summary>Fails with its log when it has ended.</summary>
        public Task<bool> RunsAsync() => docker.Run("inspect", "-f", "{{.State.Running}}", id) == "true"
            ? Task.FromResult(true)
            : throw new InvalidOperationException($"the container has ended: {Log}");

        public async ValueTask DisposeAsync()
        {
            await TestContext.Out.WriteLineAsync(Log);
            await Task.Run(() => docker.Run("rm", "-f", id));
        }
    }
}

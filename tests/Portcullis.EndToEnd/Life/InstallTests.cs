using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.Life;

/// <summary>docs/install.md and docs/upgrade.md: the files and commands as they stand there, with the operator as a process in the place of its pods.</summary>
[TestFixture]
internal sealed class InstallTests
{
    private string _folder = "";
    private FaultProxy? _proxy;

    [SetUp]
    public void MakeFolder()
    {
        Kubectl.SkipWhenMissing();
        if (TestCluster.IsNamed)
        {
            Assert.Ignore("not run: Portcullis is installed on the named cluster already");
        }

        _folder = Directory.CreateTempSubdirectory("pw-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(_folder, "portcullis"), RepositoryFolder.Combine(""));
        foreach (var (path, content) in new InstallPage().Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
            File.WriteAllText(Path.Combine(_folder, path), content);
        }
    }

    [TearDown]
    public async Task RemoveFolderAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
            _proxy = null;
        }

        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public async Task The_page_leads_from_nothing_to_the_first_grant()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var git = Platform();
        Change("installation/root.yaml", ("https://git.example.com/platform.git", git.Folder), ("  secretRef: {name: platform-git}\n", ""), ("1m", "5s"));
        Assert.That(new InstallPage().Commands, Has.Count.EqualTo(3), "apply, the Secret, the first grant");

        var applied = await RunAsync(cluster, new InstallPage().Commands[0]);
        Assert.That((applied.Code, applied.Error), Is.EqualTo((0, "")), "no warning");
        Assert.That(applied.Output.Split('\n'), Is.All.EndsWith(" created").And.Some.StartsWith("configmap/portcullis-root").And.None.Contains("customresourcedefinition"));
        var secret = await RunAsync(cluster, new InstallPage().Commands[1]);
        Assert.That((secret.Code, secret.Error), Is.EqualTo((0, "")));

        await using var program = await StartOperatorAsync(cluster);
        await Eventually.HoldsAsync(async () => (await RunAsync(cluster, "kubectl get gitsource root")).Code == 0, TimeSpan.FromSeconds(60), "the root source, as after the rollout");
        var granted = await RunAsync(cluster, new InstallPage().Commands[2]);
        Assert.That(granted.Code, Is.Zero, granted.Output + granted.Error + program.Output);
        Assert.That(granted.Output, Does.Contain("gitsource.portcullis.dev/root").And.EndWith("\nyes"));

        var again = await RunAsync(cluster, new InstallPage().Commands[0]);
        Assert.That((again.Code, again.Error), Is.EqualTo((0, "")), "no warning");
        Assert.That(again.Output.Split('\n'), Is.All.EndsWith(" unchanged"));
    }

    [Test]
    public async Task The_page_says_how_to_leave_the_agent_out()
    {
        await using var cluster = await TestCluster.StartAsync();
        await File.AppendAllTextAsync(Path.Combine(_folder, "installation", "kustomization.yaml"), new InstallPage().Addition);
        var (code, output, error) = await RunAsync(cluster, new InstallPage().Commands[0]);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output.Split('\n'), Has.None.StartsWith("daemonset").And.Some.StartsWith("deployment.apps/portcullis-operator"));
    }

    [Test]
    public async Task An_upgrade_and_a_roll_back_change_the_images_and_nothing_else()
    {
        await using var cluster = await TestCluster.StartAsync();
        await RunAsync(cluster, "kubectl apply -k installation");
        foreach (var (from, to) in new[] { ("newTag: 0.1.0", "newTag: 0.2.0"), ("newTag: 0.2.0", "newTag: 0.1.0") })
        {
            Change("installation/kustomization.yaml", (from, to));
            var diff = await RunAsync(cluster, "kubectl diff -k installation");
            Assert.That(diff.Code, Is.EqualTo(1), diff.Output + diff.Error);
            var (code, output, error) = await RunAsync(cluster, "kubectl apply -k installation");
            Assert.That((code, error), Is.EqualTo((0, "")));
            Assert.That(
                output.Split('\n').Where(l => !l.EndsWith(" unchanged", StringComparison.Ordinal)),
                Is.EqualTo(new[] { "deployment.apps/portcullis-gateway configured", "deployment.apps/portcullis-operator configured", "daemonset.apps/portcullis-agent configured" }));
        }
    }

    [Test]
    public async Task The_operator_brings_the_CRDs_of_its_version_with_the_rights_of_config_alone()
    {
        await using var cluster = await TestCluster.StartAsync();
        await RunAsync(cluster, "kubectl apply -k installation");
        await using (var first = await StartOperatorAsync(cluster))
        {
            await Eventually.HoldsAsync(async () => await ColumnsAsync(cluster) > 1, TimeSpan.FromSeconds(60), "the CRDs");
        }

        // As another version has it, which the operator of this one replaces, after an upgrade as after a roll-back.
        var crd = (await cluster.Client.GetAsync(ClusterKinds.CustomResourceDefinition, ObjectKey.Cluster("grants.portcullis.dev"), CancellationToken.None))!;
        var columns = await ColumnsAsync(cluster);
        await cluster.Client.MergePatchAsync(
            ClusterKinds.CustomResourceDefinition, ObjectKey.Cluster("grants.portcullis.dev"), OtherVersion(crd), new WriteOptions("portcullis-up"), CancellationToken.None);
        Assert.That(await ColumnsAsync(cluster), Is.EqualTo(1));
        await using var second = await StartOperatorAsync(cluster);
        await Eventually.HoldsAsync(async () => await ColumnsAsync(cluster) == columns, TimeSpan.FromSeconds(60), "the CRD of this version");
    }

    /// <summary>The page's repository.</summary>
    private GitWorkspace Platform()
    {
        var git = new GitWorkspace();
        foreach (var (path, content) in new InstallPage().Files.Where(f => f.Key.StartsWith("platform/", StringComparison.Ordinal)))
        {
            git.Write(Path.GetFileName(path), content);
        }

        git.Commit("Declare");
        return git;
    }

    private void Change(string file, params (string From, string To)[] changes)
    {
        var path = Path.Combine(_folder, file);
        var text = File.ReadAllText(path);
        foreach (var (from, to) in changes)
        {
            Assert.That(text, Does.Contain(from));
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        File.WriteAllText(path, text);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(TestCluster cluster, string commands) => InstallPage.RunAsync(commands, _folder, cluster.KubeconfigPath);

    /// <summary>With the arguments of the applied Deployment, but for places of its pod; and the ServiceAccount's token.</summary>
    private async Task<PortcullisProcess> StartOperatorAsync(TestCluster cluster)
    {
        _proxy ??= await FaultProxy.StartAsync(cluster.Connection);
        var kubeconfig = await new Installation(cluster).OperatorKubeconfigAsync(Path.Combine(_folder, "operator.kubeconfig"), _proxy.Address);
        var kubectl = new Kubectl(cluster.KubeconfigPath);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "root.yaml"), await kubectl.AskAsync("get", "configmap", "portcullis-root", "-n", Installation.Namespace, "-o", "jsonpath={.data.root\\.yaml}"));
        var deployment = await kubectl.JsonAsync("get", "deployment", "portcullis-operator", "-n", Installation.Namespace);
        var arguments = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(a => a!.GetValue<string>())
            .Where(a => !a.StartsWith("--admission-service=", StringComparison.Ordinal))
            .Select(a => a.Replace("/etc/portcullis/root/", $"{_folder}/", StringComparison.Ordinal).Replace("--cache=/cache", $"--cache={_folder}/cache", StringComparison.Ordinal));
        return PortcullisProcess.Start(
            [.. arguments, "--kubeconfig", kubeconfig, "--admission", "none", "--health-port", "0", "--metrics-port", "0", "--receiver-port", "0", "--allow-local-repositories"]);
    }

    private static async Task<int> ColumnsAsync(TestCluster cluster)
    {
        var crd = await cluster.Client.GetAsync(ClusterKinds.CustomResourceDefinition, ObjectKey.Cluster("grants.portcullis.dev"), CancellationToken.None);
        return crd.Object("spec").Array("versions")?[0].Array("additionalPrinterColumns")?.Count ?? 0;
    }

    private static JsonObject OtherVersion(JsonObject crd)
    {
        var versions = crd["spec"]!["versions"]!.DeepClone().AsArray();
        versions[0]!["additionalPrinterColumns"] = new JsonArray(new JsonObject { ["name"] = "Old", ["type"] = "string", ["jsonPath"] = ".spec.role" });
        return new JsonObject { ["spec"] = new JsonObject { ["versions"] = versions } };
    }
}

using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.Operator;

/// <summary>
/// The operator process is killed at a write, before the server sees it or after it has done it, and started again: the end is the
/// same as without a crash, and nothing is left that no inventory knows. A sample in ./test, every write in ./test --faults.
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class CrashPointTests
{
    private const int MostWrites = 60;
    private static readonly int[] Sample = [1, 4, 9, 15];

    [TestCaseSource(nameof(Points))]
    public async Task Converges_after_a_kill(int write, KillMoment moment)
    {
        await using var cluster = await TestCluster.StartAsync();
        if (cluster.Embedded is null)
        {
            Assert.Ignore("not run: the proxy forwards tokens, and this kubeconfig may hold a client certificate");
        }

        using var git = new GitWorkspace();
        git.Write("org.yaml", Manifests.Organization("acme", "web", "ann", "bert"));
        git.Write("production.yaml", Manifests.Collection("production", "/production", "crash-shop"));
        git.Write("look.yaml", Manifests.Grant("look", "Team", "acme/web", "ViewOnly", "/production"));
        git.Commit();
        await using var proxy = await FaultProxy.StartAsync(cluster.Connection.Server, cluster.Embedded.CaCertificatePem);
        var folder = Directory.CreateTempSubdirectory("pc-").FullName;
        try
        {
            var kubeconfig = proxy.WriteKubeconfig(cluster.KubeconfigPath, Path.Combine(folder, "kubeconfig"));
            var killed = await RunUntilKilledAsync(proxy, kubeconfig, folder, git.Folder, write, moment);
            await using var second = Start(kubeconfig, folder, git.Folder);
            var kubectl = new Kubectl(cluster.KubeconfigPath);
            await ConvergedAsync(kubectl);
            Assert.That(killed || write > Sample[^1], Is.True, "the sample's writes must all happen");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<TestCaseData> Points()
    {
        var all = Environment.GetEnvironmentVariable("PORTCULLIS_TEST_FAULTS") == "all";
        foreach (var write in all ? Enumerable.Range(1, MostWrites) : Sample)
        {
            yield return new TestCaseData(write, KillMoment.BeforeForward);
            yield return new TestCaseData(write, KillMoment.AfterForward);
        }
    }

    /// <summary>False when the program converged with fewer writes.</summary>
    private static async Task<bool> RunUntilKilledAsync(FaultProxy proxy, string kubeconfig, string folder, string repository, int write, KillMoment moment)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PortcullisProcess? first = null;
        proxy.Faults.KillAt(write, moment, () =>
        {
            first?.Signal("KILL");
            killed.TrySetResult();
        });
        await using (first = Start(kubeconfig, folder, repository))
        {
            var quiet = Eventually.HoldsAsync(async () => await IsConvergedAsync(new Kubectl(kubeconfig)) || killed.Task.IsCompleted, TimeSpan.FromSeconds(90));
            await Task.WhenAny(killed.Task, quiet);
            return killed.Task.IsCompleted;
        }
    }

    private static PortcullisProcess Start(string kubeconfig, string folder, string repository) => PortcullisProcess.Start(
        "operator", "--kubeconfig", kubeconfig, "--leader-elect", "false", "--apply-crds", "--root-url", repository, "--allow-local-repositories",
        "--cache", Path.Combine(folder, "cache"), "--health-port", "0", "--metrics-port", "0", "--receiver-port", "0");

    private static Task ConvergedAsync(Kubectl kubectl) => Eventually.HoldsAsync(() => IsConvergedAsync(kubectl), TimeSpan.FromSeconds(90));

    private static async Task<bool> IsConvergedAsync(Kubectl kubectl)
    {
        foreach (var resource in (string[])["gitsource/root", "organization/acme", "collection/production", "grant/look"])
        {
            if ((await kubectl.RunAsync("get", resource, "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}")).Output != "True")
            {
                return false;
            }
        }

        return await kubectl.CanAsync("ann", "list", "pods", "-n", "crash-shop");
    }
}

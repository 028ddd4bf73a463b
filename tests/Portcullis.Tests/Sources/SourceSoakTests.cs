using System.Globalization;
using Portcullis.Testing.Clusters;

namespace Portcullis.Tests.Sources;

/// <summary>
/// Commits, hands and faults by chance: whatever happened on the way, the cluster comes to be exactly what the last commit says, and then
/// nothing more is written. <c>PORTCULLIS_TEST_SEEDS=100-199</c> runs others than the usual seeds.
/// </summary>
internal sealed class SourceSoakTests
{
    private const string Variable = "PORTCULLIS_TEST_SEEDS";

    private static IEnumerable<int> FewSeeds() => [1, 2];

    private static IEnumerable<int> ManySeeds()
    {
        var range = (Environment.GetEnvironmentVariable(Variable) ?? "3-12").Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();
        return Enumerable.Range(range[0], range[^1] - range[0] + 1);
    }

    [TestCaseSource(nameof(FewSeeds))]
    public Task The_cluster_comes_to_be_what_the_last_commit_says(int seed) => RunAsync(seed, 40);

    [TestCaseSource(nameof(ManySeeds))]
    [Category("Faults")]
    public Task The_cluster_comes_to_be_what_the_last_commit_says_after_much(int seed) => RunAsync(seed, 100);

    private static async Task RunAsync(int seed, int operations)
    {
        if (TestCluster.IsNamed)
        {
            Assert.Ignore("not run: it puts a fault injector before an API server of its own");
        }

        await using var run = await SoakRun.StartAsync(seed);
        await run.RunAsync(operations);
    }
}

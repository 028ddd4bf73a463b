using Portcullis.Testing.Clusters;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Sources;

/// <summary>
/// Commits, hands and faults by chance: whatever happened on the way, the cluster comes to be exactly what the last commit says, and then
/// nothing more is written.
/// </summary>
internal sealed class SourceSoakTests
{
    [TestCaseSource(typeof(SoakSeeds), nameof(SoakSeeds.Few))]
    public Task The_cluster_comes_to_be_what_the_last_commit_says(int seed) => RunAsync(seed, 40);

    [TestCaseSource(typeof(SoakSeeds), nameof(SoakSeeds.Many))]
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

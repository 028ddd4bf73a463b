using Portcullis.EndToEnd.Clusters;
using Portcullis.Testing.Clusters;

namespace Portcullis.EndToEnd;

/// <summary>
/// On a cluster that PORTCULLIS_TEST_KUBECONFIG names, config/ is installed once for all tests, and goes at the end unless it was there
/// before: CRDs that come and go with each test would be told of late.
/// </summary>
[SetUpFixture]
internal sealed class NamedCluster
{
    private TestCluster? _cluster;

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        if (TestCluster.IsNamed)
        {
            _cluster = await TestCluster.StartAsync();
            await Installation.ApplyAsync(_cluster);
        }
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}

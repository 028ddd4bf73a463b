using Portcullis.Cluster;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Hardening;

/// <summary>Reads the nodes, the NodeHardenings and what the agents reported.</summary>
internal sealed class HardeningGatherer(KubernetesClient client, IStore<NodeHardening> hardenings, IStore<NodeReport> reports, IStore<NodeObject> nodes)
{
    public IReadOnlyList<NodeHardening> Hardenings() => hardenings.List();

    public IReadOnlyList<NodeReport> Reports() => reports.List();

    public IReadOnlyList<NodeObservation> Nodes() =>
        [.. nodes.List().Select(n => new NodeObservation(n.Metadata.Key.Name, n.Metadata.Labels ?? new Dictionary<string, string>()))];

    /// <summary>The reports as the server has them: the store may not have a permission yet that was just given.</summary>
    public async Task<IReadOnlyList<NodeReport>> ReadReportsAsync(CancellationToken cancellationToken)
    {
        var read = new List<NodeReport>();
        await foreach (var report in client.ListAsync<NodeReport>(new ListOptions(), cancellationToken))
        {
            read.Add(report);
        }

        return read;
    }
}

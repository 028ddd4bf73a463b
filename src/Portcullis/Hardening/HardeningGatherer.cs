using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Hardening;

/// <summary>Reads the nodes, the NodeHardenings and what the agents reported.</summary>
internal sealed class HardeningGatherer(IKubernetesClient client, IStore<NodeHardening> hardenings, IStore<NodeReport> reports, UntypedStores untyped)
{
    public IReadOnlyList<NodeHardening> Hardenings() => hardenings.List();

    public IReadOnlyList<NodeReport> Reports() => reports.List();

    public IReadOnlyList<NodeObservation> Nodes() =>
    [
        .. untyped.Of(ClusterKinds.Node).List().Select(n => new NodeObservation(
            n.Object("metadata").String("name") ?? "",
            (n.Object("metadata").Object("labels") ?? []).Where(l => l.Value is JsonValue).ToDictionary(l => l.Key, l => l.Value!.GetValue<string>(), StringComparer.Ordinal))),
    ];

    /// <summary>The reports as the server has them: the store may not have a permission yet that was just given.</summary>
    public async Task<IReadOnlyList<NodeReport>> ReadReportsAsync(CancellationToken cancellationToken)
    {
        var read = new List<NodeReport>();
        await foreach (var report in new ResourceClient<NodeReport>(client).ListAsync(new ListOptions(), cancellationToken))
        {
            read.Add(report);
        }

        return read;
    }
}

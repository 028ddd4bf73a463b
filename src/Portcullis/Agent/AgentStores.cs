using Portcullis.Cluster;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Agent;

/// <summary>What an agent watches in the cluster: the NodeHardenings, its NodeReport, and its Node with the labels that select it.</summary>
internal sealed class AgentStores(IStore<NodeHardening> hardenings, IStore<NodeReport> reports, IStore<NodeObject> nodes)
{
    public IStore<NodeHardening> Hardenings => hardenings;

    public IStore<NodeReport> Reports => reports;

    public IStore<NodeObject> Nodes => nodes;

    /// <summary>Whether of each NodeHardening it is known what is declared.</summary>
    public bool AreSettled => hardenings is not IDeclaredStore<NodeHardening> { IsSettled: false };

    /// <summary>Calls back when it became known of a NodeHardening what is declared, or unknown. Dispose to stop.</summary>
    public IReadOnlyList<IDisposable> WhenUnsettledChange(Action react) => hardenings is IDeclaredStore declared ? [declared.WhenUnsettledChange(react)] : [];

    public bool AreSynced => hardenings.IsSynced && reports.IsSynced && Nodes.IsSynced;

    public Task WaitUntilSyncedAsync(CancellationToken cancellationToken) => Task.WhenAll(
        hardenings.WaitUntilSyncedAsync(cancellationToken),
        reports.WaitUntilSyncedAsync(cancellationToken),
        Nodes.WaitUntilSyncedAsync(cancellationToken));
}

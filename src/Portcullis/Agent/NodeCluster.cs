using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;

namespace Portcullis.Agent;

/// <summary>The agent's view of the cluster: the NodeHardenings of its node, the permission to restart, and its own NodeReport.</summary>
internal sealed class NodeCluster(AgentOptions options, AgentStores stores, NodeReportWriter report, EventRecorder recorder, KubernetesOptions kubernetes, TimeProvider time)
    : INodeCluster
{
    private static readonly Dictionary<string, string> NoLabels = [];

    private ObjectKey Key => ObjectKey.Cluster(options.NodeName);

    public bool IsSynced => stores.AreSynced;

    public bool IsKnown => stores.AreSynced && stores.AreSettled;

    public Task SyncAsync(CancellationToken cancellationToken) => stores.WaitUntilSyncedAsync(cancellationToken);

    public IDisposable Subscribe(Action changed) => new Subscriptions(
    [
        .. stores.WhenUnsettledChange(changed),
        stores.Hardenings.Subscribe(change => CallIf(changed, IsNews(change.Before, change.After))),
        stores.Reports.Subscribe(change => CallIf(changed, change.Key == Key && (change.After is null || Permission(change.Before) != Permission(change.After)))),
        stores.Nodes.Subscribe(change => CallIf(changed, change.Key == Key && !SameLabels(change.Before, change.After))),
    ]);

    public IReadOnlyList<NodeHardening> Hardenings() => stores.Hardenings.List();

    public IReadOnlyList<NodeHardening> Selecting() => NodeSelection.Of(stores.Hardenings.List(), NodeLabels());

    public bool IsPaused(NodeHardening hardening) =>
        Pause.Of(hardening.Metadata, kubernetes.PauseAnnotation, kubernetes.LongestPause, time.GetUtcNow()) is not null;

    public IReadOnlyDictionary<string, string> NodeLabels() =>
        Labels(stores.Nodes.Get(Key));

    public string? PermittedRestart() => Permission(stores.Reports.Get(Key));

    public IReadOnlyDictionary<string, string> Requested() =>
        Selecting().Where(h => Request(h) is not null).ToDictionary(h => h.Metadata.Name!, h => Request(h)!, StringComparer.Ordinal);

    public void Record(string hardening, ReportedEvent reported)
    {
        if (stores.Hardenings.Get(ObjectKey.Cluster(hardening)) is { } about)
        {
            recorder.Record(NodeHardening.Definition, about.Metadata, reported);
        }
    }

    public Task<bool> ReportAsync(NodeReportStatus status, CancellationToken cancellationToken) => report.WriteAsync(status, cancellationToken);

    private static void CallIf(Action changed, bool isNews)
    {
        if (isNews)
        {
            changed();
        }
    }

    private static bool IsNews(NodeHardening? before, NodeHardening? after) =>
        before?.Metadata.Generation != after?.Metadata.Generation
        || before?.Metadata.IsBeingDeleted != after?.Metadata.IsBeingDeleted
        || Request(before) != Request(after)
        || before?.Metadata.Annotation(WellKnown.Annotations.PauseUntil) != after?.Metadata.Annotation(WellKnown.Annotations.PauseUntil);

    private static string? Permission(NodeReport? report) => report?.Metadata.Annotation(RolloutGate.Annotation);

    private static IReadOnlyDictionary<string, string> Labels(NodeObject? node) => node?.Metadata.Labels ?? NoLabels;

    private static bool SameLabels(NodeObject? before, NodeObject? after) =>
        Labels(before).Count == Labels(after).Count && Labels(before).All(l => Labels(after).GetValueOrDefault(l.Key) == l.Value);

    private static string? Request(NodeHardening? hardening) =>
        hardening?.Metadata.Annotation(WellKnown.Annotations.RequestedAt) ?? hardening?.Metadata.Annotation(WellKnown.Annotations.FluxRequestedAt);

    private sealed class Subscriptions(params IDisposable[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in all)
            {
                one.Dispose();
            }
        }
    }
}

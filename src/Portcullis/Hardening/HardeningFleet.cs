using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Hardening;

/// <summary>The nodes and what their agents reported, and the one thing that is written back to them: the permission to restart.</summary>
internal sealed class HardeningFleet(
    IKubernetesClient client, IStore<NodeHardening> hardenings, IStore<NodeReport> reports, UntypedStores untyped, TimeProvider time) : IDisposable
{
    private static readonly WriteOptions AsHardening = new(WellKnown.Managers.Hardening);

    // Permissions are counted and given one after the other, whichever NodeHardening is looked at.
    private readonly SemaphoreSlim _gate = new(1, 1);

    public IReadOnlyList<NodeFacts> Nodes() =>
    [
        .. untyped.Of(ClusterKinds.Node).List().Select(n => new NodeFacts(
            n.Object("metadata").String("name") ?? "",
            (n.Object("metadata").Object("labels") ?? []).Where(l => l.Value is JsonValue).ToDictionary(l => l.Key, l => l.Value!.GetValue<string>(), StringComparer.Ordinal))),
    ];

    public IReadOnlyDictionary<string, NodeReport> Reports() =>
        reports.List().ToDictionary(r => r.Metadata.Name ?? "", StringComparer.Ordinal);

    /// <summary>Lets those nodes restart whose turn it is. The reports are read from the server itself: a store may not know yet what was permitted a moment ago.</summary>
    public async Task PermitRestartsAsync(CancellationToken cancellationToken)
    {
        if (!reports.List().Any(AsksInVain))
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = new List<NodeReport>();
            await foreach (var report in new ResourceClient<NodeReport>(client).ListAsync(new ListOptions(), cancellationToken))
            {
                now.Add(report);
            }

            foreach (var turn in RestartTurns.Next(hardenings.List(), Nodes(), now, time.GetUtcNow()))
            {
                var annotations = new JsonObject { [RestartTurns.Annotation] = turn.Id };
                await client.MergePatchAsync(
                    NodeReport.Definition,
                    ObjectKey.Cluster(turn.Node),
                    new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } },
                    AsHardening,
                    cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The nodes that are not yet rid of a NodeHardening: its keys are in daemon.json, or in an engine's memory until a restart that is to come.</summary>
    public IReadOnlyList<KeyHolder> HoldersOf(string hardening) =>
    [
        .. reports.List()
            .Select(r => new KeyHolder(
                r.Metadata.Name ?? "",
                r.Status?.Keys?.Any(k => k.Hardening == hardening) == true,
                r.Status?.PendingRestart is { } pending && pending.Hardenings.Contains(hardening) && !IsLeftToAdministrator(pending, hardening),
                r.Status?.Engine?.Reachable == true && time.GetUtcNow() - r.Status.ObservedAt < HardeningRollup.SilentAfter))
            .Where(h => h.HasKeys || h.AwaitsRestart)
            .OrderBy(h => h.Node, StringComparer.Ordinal),
    ];

    public void Dispose() => _gate.Dispose();

    /// <summary>The restart is another NodeHardening's too, which allows none, or which is gone and may have allowed none.</summary>
    private bool IsLeftToAdministrator(PendingRestartReport pending, string hardening) =>
        pending.Hardenings.Any(h => h != hardening && hardenings.Get(ObjectKey.Cluster(h))?.Spec.RestartPolicy is null or RestartPolicy.Never);

    private static bool AsksInVain(NodeReport report) =>
        report.Status?.PendingRestart is { AsksPermission: true } pending && report.Metadata.Annotation(RestartTurns.Annotation) != pending.Id;
}

/// <summary>A node that is not yet rid of a deleted NodeHardening.</summary>
internal sealed record KeyHolder(string Node, bool HasKeys, bool AwaitsRestart, bool IsHeardOf);

using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Events;
using Portcullis.Objects.Json;

namespace Portcullis.Agent;

/// <summary>
/// The agent's side of the cluster: the NodeHardenings that select its node, the permission to restart, and its own NodeReport, the
/// one object that it writes.
/// </summary>
internal sealed partial class AgentObjects(
    AgentOptions options,
    IKubernetesClient client,
    AgentStores stores,
    EventRecorder recorder,
    TimeProvider time,
    ILogger<AgentObjects> logger) : INodeCluster
{
    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(5);
    private static readonly WriteOptions AsAgent = new(WellKnown.Managers.Agent);
    private NodeReportStatus? _written;

    // What was not answered may have been written or not: it is written again, whatever it says.
    private bool _isTold;

    private ObjectKey Key => ObjectKey.Cluster(options.NodeName);

    public bool IsSynced => stores.AreSynced;

    public IDisposable Subscribe(Action changed)
    {
        return new Subscriptions(
            stores.Hardenings.Subscribe(change =>
            {
                if (change.Before?.Metadata.Generation != change.After?.Metadata.Generation || Asked(change.Before) != Asked(change.After)
                    || change.Before?.Metadata.IsBeingDeleted != change.After?.Metadata.IsBeingDeleted)
                {
                    changed();
                }
            }),
            stores.Reports.Subscribe(change =>
            {
                if (change.Key == Key
                    && (change.After is null || change.Before?.Metadata.Annotation(RestartTurns.Annotation) != change.After.Metadata.Annotation(RestartTurns.Annotation)))
                {
                    changed();
                }
            }),
            stores.Nodes.Subscribe(change =>
            {
                if (change.Key == Key && !JsonNode.DeepEquals(change.Before.Object("metadata").Object("labels"), change.After.Object("metadata").Object("labels")))
                {
                    changed();
                }
            }));
    }

    public Task SyncAsync(CancellationToken cancellationToken) => stores.WaitUntilSyncedAsync(cancellationToken);

    public IReadOnlyList<NodeHardening> Hardenings() => stores.Hardenings.List();

    public IReadOnlyList<NodeHardening> Selecting() => HardeningDesire.Selecting(stores.Hardenings.List(), NodeLabels());

    public IReadOnlyDictionary<string, string> NodeLabels() =>
        stores.Nodes.Get(Key).Object("metadata").Object("labels") is { } labels
            ? labels.Where(l => l.Value is JsonValue).ToDictionary(l => l.Key, l => l.Value!.GetValue<string>(), StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);

    public string? PermittedRestart() => stores.Reports.Get(Key)?.Metadata.Annotation(RestartTurns.Annotation);

    public IReadOnlyDictionary<string, string> Requested() =>
        Selecting().Where(h => Asked(h) is not null).ToDictionary(h => h.Metadata.Name!, h => Asked(h)!, StringComparer.Ordinal);

    public void Tell(string hardening, bool warning, string reason, string message)
    {
        if (stores.Hardenings.Get(ObjectKey.Cluster(hardening)) is { } about)
        {
            recorder.Record(NodeHardening.Definition, about.Metadata, new ReportedEvent(warning, reason, message));
        }
    }

    public async Task<bool> ReportAsync(NodeReportStatus status, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = stores.Reports.Get(Key);
        _written ??= known?.Status;
        if (_isTold && known is not null && _written is { ObservedAt: { } at } && now - at < RenewAfter && Same(status, _written))
        {
            return true;
        }

        try
        {
            _isTold = false;
            var generation = known?.Metadata.Generation ?? 1;
            if (known is null)
            {
                var made = await client.ApplyAsync(
                    NodeReport.Definition, Body("spec", new JsonObject { ["node"] = options.NodeName }), AsAgent, cancellationToken);
                generation = made.Object("metadata")?["generation"]?.GetValue<long>() ?? 1;
            }

            var whole = status with
            {
                ObservedAt = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), now.Offset),
                ObservedGeneration = generation,
                Conditions = NodeReports.Conditions(status, generation, _written?.Conditions, now),
            };
            await client.ApplyStatusAsync(
                NodeReport.Definition,
                Body("status", JsonSerializer.SerializeToNode(whole, HardeningJsonContext.Default.NodeReportStatus)!),
                AsAgent,
                cancellationToken);
            (_written, _isTold) = (whole, true);
            return true;
        }
        catch (KubernetesApiException e)
        {
            Log.NotReported(logger, e.Message);
            return false;
        }
        catch (HttpRequestException e)
        {
            // The engine is looked after all the same; the report follows.
            Log.NotReported(logger, e.Message);
            return false;
        }
    }

    private JsonObject Body(string part, JsonNode content) => new()
    {
        ["apiVersion"] = NodeReport.Definition.ApiVersion,
        ["kind"] = NodeReport.Definition.Kind,
        ["metadata"] = new JsonObject { ["name"] = options.NodeName },
        [part] = content,
    };

    private static bool Same(NodeReportStatus status, NodeReportStatus written) => JsonNode.DeepEquals(
        JsonSerializer.SerializeToNode(status, HardeningJsonContext.Default.NodeReportStatus),
        JsonSerializer.SerializeToNode(written with { ObservedAt = null, ObservedGeneration = null, Conditions = null }, HardeningJsonContext.Default.NodeReportStatus));

    private static string? Asked(NodeHardening? hardening) =>
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

    private static partial class Log
    {
        [LoggerMessage(5201, LogLevel.Warning, "The NodeReport could not be written: {Problem}")]
        public static partial void NotReported(ILogger logger, string problem);
    }
}

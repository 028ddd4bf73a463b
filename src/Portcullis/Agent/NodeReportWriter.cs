using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Http.Messages;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Agent;

/// <summary>Writes the NodeReport of the node, the only object that the agent writes: when it says something new, and regularly, so that it does not look stale.</summary>
internal sealed partial class NodeReportWriter(
    AgentOptions options, KubernetesClient client, IStore<NodeReport> reports, TimeProvider time, ILogger<NodeReportWriter> logger)
{
    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(5);
    private static readonly WriteOptions Writer = new(WellKnown.Managers.Agent);
    private NodeReportStatus? _written;

    // A write without an answer may have happened or not: it is repeated, whatever it says.
    private bool _isConfirmed;

    /// <summary>False when it could not be written.</summary>
    public async Task<bool> WriteAsync(NodeReportStatus reported, CancellationToken cancellationToken)
    {
        var status = WithoutCredentials(reported);
        var now = time.GetUtcNow();
        var known = reports.Get(ObjectKey.Cluster(options.NodeName));
        _written ??= known?.Status;
        if (_isConfirmed && known is not null && _written is { ObservedAt: { } at } && now - at < RenewAfter && IsSame(status, _written))
        {
            return true;
        }

        try
        {
            _isConfirmed = false;
            var generation = known is null ? await CreateAsync(cancellationToken) : known.Metadata.Generation ?? 1;
            var whole = status with
            {
                ObservedAt = NodeReportJudge.WholeSecond(now),
                ObservedGeneration = generation,
                Conditions = NodeReportJudge.Conditions(status, generation, _written?.Conditions, now),
            };
            await client.ApplyStatusAsync(NodeReport.Definition, Body("status", ToJson(whole)), Writer, cancellationToken);
            (_written, _isConfirmed) = (whole, true);
            return true;
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            // The tasks continue without the cluster; the report is written later.
            Log.NotWritten(logger, e.Message);
            return false;
        }
    }

    /// <summary>Its generation.</summary>
    private async Task<long> CreateAsync(CancellationToken cancellationToken)
    {
        var created = await client.ApplyAsync(NodeReport.Definition, Body("spec", new JsonObject { ["node"] = options.NodeName }), Writer, cancellationToken);
        return created.Object("metadata")?["generation"]?.GetValue<long>() ?? 1;
    }

    private JsonObject Body(string part, JsonNode content) => new()
    {
        ["apiVersion"] = NodeReport.Definition.ApiVersion,
        ["kind"] = NodeReport.Definition.Kind,
        ["metadata"] = new JsonObject { ["name"] = options.NodeName },
        [part] = content,
    };

    private static bool IsSame(NodeReportStatus status, NodeReportStatus written) =>
        JsonNode.DeepEquals(ToJson(status), ToJson(written with { ObservedAt = null, ObservedGeneration = null, Conditions = null }));

    /// <summary>The last gate: what an engine or a command said may quote an address of daemon.json.</summary>
    private static NodeReportStatus WithoutCredentials(NodeReportStatus status) =>
        Clean(ToJson(status)).Deserialize(HardeningJsonContext.Default.NodeReportStatus)!;

    private static JsonNode? Clean(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Clean(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Clean)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(MessageSanitizer.Clean(value.GetValue<string>())),
        null => null,
        _ => node.DeepClone(),
    };

    private static JsonNode ToJson(NodeReportStatus status) => JsonSerializer.SerializeToNode(status, HardeningJsonContext.Default.NodeReportStatus)!;

    private static partial class Log
    {
        [LoggerMessage(5201, LogLevel.Warning, "Cannot write the NodeReport, will be retried: {Problem}")]
        public static partial void NotWritten(ILogger logger, string problem);
    }
}

using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>What the agent of one node found and did; it has the name of the node. Only the agent writes it.</summary>
public sealed record NodeReport : Resource<NodeReportSpec, NodeReportStatus>, IResource<NodeReport>
{
    public static ApiResource Definition { get; } =
        new(WellKnown.Group, WellKnown.Version, "NodeReport", "nodereports", Namespaced: false)
        {
            ShortNames = ["nrep"],
            Categories = [WellKnown.Category],
        };

    public static JsonTypeInfo<NodeReport> JsonType => HardeningJsonContext.Default.NodeReport;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "What the agent of one node found and did. Written by the agent; the status of each NodeHardening summarizes it.",
        Columns =
        [
            new("Engine", ".status.engine.version", Description: "The version of the engine"),
            new("Pending restart", ".status.pendingRestart.summary", Priority: 1),
            new("Last drift", ".status.drift.lastTime", "date", Priority: 1),
        ],
    })
    {
        Declarable = false,
    };
}

/// <summary>Binds the report to its node.</summary>
public sealed record NodeReportSpec
{
    [Description("The name of the Node, which is also the name of this object.")]
    public required string Node { get; init; }
}

/// <summary>One node as its agent last observed it. Each task of the agent writes its own fields.</summary>
public sealed record NodeReportStatus : ResourceStatus
{
    [Description("When the agent last observed the node; at most a few minutes ago while the agent runs.")]
    public DateTimeOffset? ObservedAt { get; init; }

    [Description("The Engine as the agent sees it.")]
    public EngineReport? Engine { get; init; }

    [Description("daemon.json as the agent sees it.")]
    public FileReport? File { get; init; }

    [Description("The state of each NodeHardening that selects this node.")]
    [ListMap("name")]
    public IReadOnlyList<HardeningReport>? Hardenings { get; init; }

    [Description("Every key of daemon.json that a NodeHardening owns.")]
    [ListMap("key")]
    public IReadOnlyList<KeyReport>? Keys { get; init; }

    [Description("A restart of the Engine that is waited for.")]
    public PendingRestartReport? PendingRestart { get; init; }

    [Description("What was changed on the node by others and put back.")]
    public DriftReport? Drift { get; init; }

    [Description("The last change that the agent made.")]
    public string? LastAction { get; init; }

    [Description("When the agent last changed something.")]
    public DateTimeOffset? LastActionTime { get; init; }
}

/// <summary>The engine on the node.</summary>
public sealed record EngineReport
{
    [Description("Whether the Engine answers on its socket.")]
    public required bool Reachable { get; init; }

    [Description("The Engine's version.")]
    public string? Version { get; init; }

    [Description("The process ID of dockerd.")]
    public int? Pid { get; init; }

    [Description("When dockerd was started.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("Why the engine cannot be reached.")]
    public string? Problem { get; init; }

    [Description("The number of containers that run.")]
    public int? ContainersRunning { get; init; }
}

/// <summary>daemon.json itself.</summary>
public sealed record FileReport
{
    [Description("The path of daemon.json on the node.")]
    public required string Path { get; init; }

    [Description("SHA-256 of the file, to compare nodes.")]
    public string? Sha256 { get; init; }

    [Description("Why the file cannot be edited.")]
    public string? Problem { get; init; }
}

/// <summary>The state of a NodeHardening on one node. It is Ready only with <see cref="InForce"/> or <see cref="Observed"/>.</summary>
public enum HardeningState
{
    /// <summary>Written, applied, and read back where the engine shows it.</summary>
    InForce,

    /// <summary>Mode Audit without a difference, or suspended.</summary>
    Observed,

    /// <summary>Mode Audit with differences.</summary>
    Different,

    /// <summary>Written, but not in force until the engine restarts.</summary>
    PendingRestart,

    /// <summary>Not written: the engine would not start with it, or the file cannot be edited.</summary>
    Refused,

    /// <summary>Written and rolled back, since the engine did not run with it.</summary>
    RolledBack,

    /// <summary>Written and applied, but the engine shows another value.</summary>
    NotInForce,

    /// <summary>The engine cannot be reached.</summary>
    Unknown,

    /// <summary>In progress.</summary>
    Applying,
}

/// <summary>One NodeHardening on this node.</summary>
public sealed record HardeningReport
{
    [Description("The NodeHardening.")]
    public required string Name { get; init; }

    [Description("The generation of the NodeHardening that was processed.")]
    public required long Generation { get; init; }

    [Description("InForce, Observed (Audit without a difference), Different, PendingRestart, Refused, RolledBack, NotInForce, Unknown or Applying.")]
    public required HardeningState State { get; init; }

    [Description("Why it is in this state.")]
    public required string Message { get; init; }
}

/// <summary>One key of daemon.json. Values that may contain credentials are not shown.</summary>
public sealed record KeyReport
{
    [Description("The key of daemon.json.")]
    public required string Key { get; init; }

    [Description("The NodeHardening that owns the key.")]
    public required string Hardening { get; init; }

    [Description("The desired value as JSON.")]
    public string? Wanted { get; init; }

    [Description("The value in force as JSON, where the engine shows it.")]
    public string? Seen { get; init; }

    [Description("Where the value was read: info, network or event, or file when the engine does not show it.")]
    public required string ReadFrom { get; init; }

    [Description("Whether the running Engine shows the declared value.")]
    public required bool InForce { get; init; }
}

/// <summary>The restart that an engine waits for.</summary>
public sealed record PendingRestartReport
{
    [Description("Identifies this restart: a permission is valid for one restart only.")]
    public required string Id { get; init; }

    [Description("The keys, as kubectl get shows them.")]
    public required string Summary { get; init; }

    [Description("What the restart waits for.")]
    public required string Reason { get; init; }

    [Description("Whether the agent waits only for the permission of the rollout.")]
    public required bool AsksPermission { get; init; }

    [Description("The NodeHardenings whose keys require it.")]
    public required IReadOnlyList<string> Hardenings { get; init; }
}

/// <summary>Manual edits of our keys.</summary>
public sealed record DriftReport
{
    [Description("How often the file was put back.")]
    public required long Reverted { get; init; }

    [Description("When drift was last put back.")]
    public DateTimeOffset? LastTime { get; init; }

    [Description("Who made the last one, as far as the kernel reports it.")]
    public string? LastBy { get; init; }

    [Description("The keys that were put back last.")]
    public string? LastKeys { get; init; }
}

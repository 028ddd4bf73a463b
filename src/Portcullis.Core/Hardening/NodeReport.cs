using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>What the agent on one node found and did; named as the node. Nobody declares it.</summary>
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
        Description = "What the agent on one node found and did. Written by the agent; its status is what NodeHardening sums up.",
        Columns =
        [
            new("Engine", ".status.engine.version", Description: "The engine's version"),
            new("Pending restart", ".status.pendingRestart.summary", Priority: 1),
            new("Last drift", ".status.drift.lastTime", "date", Priority: 1),
        ],
    })
    {
        Declarable = false,
    };
}

/// <summary>Holds only what ties the report to its node.</summary>
public sealed record NodeReportSpec
{
    [Description("The name of the Node; equal to this object's own name.")]
    public required string Node { get; init; }
}

/// <summary>One node as its agent last saw it.</summary>
public sealed record NodeReportStatus : ResourceStatus
{
    [Description("When the agent last looked, at most a few minutes old while it lives.")]
    public DateTimeOffset? ObservedAt { get; init; }

    public EngineReport? Engine { get; init; }

    public FileReport? File { get; init; }

    [Description("What became of each NodeHardening that selects this node.")]
    [ListMap("name")]
    public IReadOnlyList<HardeningReport>? Hardenings { get; init; }

    [Description("Every key that we own in daemon.json or should.")]
    [ListMap("key")]
    public IReadOnlyList<KeyReport>? Keys { get; init; }

    public PendingRestartReport? PendingRestart { get; init; }

    public DriftReport? Drift { get; init; }

    [Description("The last thing that the agent did, and when.")]
    public string? LastAction { get; init; }

    public DateTimeOffset? LastActionTime { get; init; }
}

/// <summary>The engine on the node.</summary>
public sealed record EngineReport
{
    public required bool Reachable { get; init; }

    public string? Version { get; init; }

    public int? Pid { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    [Description("Why it cannot be reached.")]
    public string? Problem { get; init; }

    public int? ContainersRunning { get; init; }
}

/// <summary>daemon.json itself.</summary>
public sealed record FileReport
{
    public required string Path { get; init; }

    [Description("Hash of the bytes, to compare nodes by.")]
    public string? Sha256 { get; init; }

    [Description("Why it cannot be edited.")]
    public string? Problem { get; init; }
}

/// <summary>The states of one NodeHardening on one node; all but <see cref="InForce"/> keep it from Ready.</summary>
public enum HardeningState
{
    /// <summary>Written, taken over, and read back where the engine shows it.</summary>
    InForce,

    /// <summary>Audit mode, and nothing differs; or suspended.</summary>
    Observed,

    /// <summary>Audit mode, and something differs.</summary>
    Different,

    /// <summary>Written, but the engine must restart.</summary>
    PendingRestart,

    /// <summary>Not written: it would stop the engine, or the file cannot be edited.</summary>
    Refused,

    /// <summary>Tried, and taken back since the engine did not start with it.</summary>
    RolledBack,

    /// <summary>Written and taken over, yet the engine shows another value.</summary>
    NotInForce,

    /// <summary>Nothing known: the engine cannot be reached.</summary>
    Unknown,

    /// <summary>Under way.</summary>
    Applying,
}

/// <summary>One NodeHardening on this node.</summary>
public sealed record HardeningReport
{
    public required string Name { get; init; }

    [Description("The generation of it that this is about.")]
    public required long Generation { get; init; }

    public required HardeningState State { get; init; }

    public required string Message { get; init; }
}

/// <summary>One key. Values that may hold a credential are not shown.</summary>
public sealed record KeyReport
{
    public required string Key { get; init; }

    [Description("The NodeHardening that owns the key.")]
    public required string Hardening { get; init; }

    [Description("The value asked for, as JSON.")]
    public string? Wanted { get; init; }

    [Description("The value in force as far as the engine shows it, as JSON; absent when it does not.")]
    public string? Seen { get; init; }

    [Description("Where that was read: info, network, event, or file when the engine shows it nowhere.")]
    public required string ReadFrom { get; init; }

    public required bool InForce { get; init; }
}

/// <summary>An engine that waits for its restart.</summary>
public sealed record PendingRestartReport
{
    [Description("Names this very restart: a permission for it serves no other.")]
    public required string Id { get; init; }

    [Description("The keys, as kubectl get shows them.")]
    public required string Summary { get; init; }

    [Description("What it waits for.")]
    public required string Reason { get; init; }

    [Description("Whether the agent would restart at once if it were allowed to.")]
    public required bool AsksPermission { get; init; }

    [Description("The NodeHardenings whose keys need it.")]
    public required IReadOnlyList<string> Hardenings { get; init; }
}

/// <summary>Hand edits of our keys.</summary>
public sealed record DriftReport
{
    public required long Reverted { get; init; }

    public DateTimeOffset? LastTime { get; init; }

    [Description("Who made the last one, as far as the kernel can tell.")]
    public string? LastBy { get; init; }

    public string? LastKeys { get; init; }
}

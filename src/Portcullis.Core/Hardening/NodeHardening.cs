using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>Which keys of daemon.json are ours, on which nodes, and what may be done to an engine to put them in force.</summary>
public sealed record NodeHardening : Resource<NodeHardeningSpec, NodeHardeningStatus>, IResource<NodeHardening>
{
    public static ApiResource Definition { get; } =
        new(WellKnown.Group, WellKnown.Version, "NodeHardening", "nodehardenings", Namespaced: false)
        {
            ShortNames = ["harden"],
            Categories = [WellKnown.Category],
        };

    public static JsonTypeInfo<NodeHardening> JsonType => HardeningJsonContext.Default.NodeHardening;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "Keys of daemon.json kept as declared on every selected node: written, put in force by reload or restart, read back, and rolled back when the engine refuses.",
        Columns =
        [
            new("Nodes", ".status.summary", Description: "Nodes where every key is in force, of all nodes selected"),
            new("Mode", ".spec.mode", Priority: 1),
            new("Restart", ".spec.restartPolicy", Priority: 1),
        ],
    })
    {
        Rules = [new HardeningRules()],
        Claims = one => HardeningClaims.Of(TypedObject.Read<NodeHardening>(one.Value).Spec),
    };
}

/// <summary>When the agent may restart an engine for a key that no reload takes over.</summary>
public enum RestartPolicy
{
    /// <summary>Never: the node waits, and says for which keys, until somebody restarts the engine.</summary>
    Never,

    /// <summary>Once no container runs on it.</summary>
    WhenIdle,

    /// <summary>As soon as the rollout allows it.</summary>
    Always,
}

public enum HardeningMode
{
    Enforce,

    /// <summary>Differences are reported, nothing is written.</summary>
    Audit,
}

/// <summary>The asked state of a set of nodes.</summary>
[Rule("!has(self.rollout) || !has(self.restartPolicy) || self.restartPolicy != 'Never'", "rollout paces restarts, and restartPolicy Never makes none: leave rollout out")]
public sealed record NodeHardeningSpec : ISuspendable
{
    [Description("Nodes with all of these labels; every node when empty.")]
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    [JsonPropertyName("daemonJSON")]
    [Description("Keys of daemon.json as the engine's documentation names them. Keys that are not listed here are left alone.")]
    [PreserveUnknownFields]
    public required JsonObject DaemonJson { get; init; }

    [Description("When an engine may be restarted for a key that no reload takes over: Never, WhenIdle (no container runs) or Always.")]
    [DefaultValue(RestartPolicy.Never)]
    public RestartPolicy RestartPolicy { get; init; }

    [Description("Enforce writes and reverts; Audit only reports.")]
    [DefaultValue(HardeningMode.Enforce)]
    public HardeningMode Mode { get; init; }

    [Description("How many nodes may be without their engine at once.")]
    public HardeningRollout? Rollout { get; init; }

    [Description("Stop writing and reverting; what is in force stays.")]
    public bool? Suspend { get; init; }
}

/// <summary>The pace of restarts over the selected nodes.</summary>
public sealed record HardeningRollout
{
    [Description("Nodes that may be restarting, unreachable or rolled back at the same time. A node beyond it waits.")]
    [Range(1, 1000)]
    [DefaultValue(1)]
    public int MaxUnavailable { get; init; } = 1;
}

/// <summary>What became of it over all selected nodes.</summary>
public sealed record NodeHardeningStatus : ResourceStatus
{
    [Description("<in force>/<selected>, as kubectl get shows it.")]
    public string? Summary { get; init; }

    [Description("Nodes that the selector matches.")]
    public int? Selected { get; init; }

    [Description("Nodes where every key is in force at this generation.")]
    public int? InForce { get; init; }

    [Description("Nodes that wait for a restart of their engine.")]
    public int? PendingRestart { get; init; }

    [Description("Hand edits reverted so far, over all nodes.")]
    public long? DriftReverted { get; init; }

    [Description("Nodes that are not in force and why; at most 20.")]
    [ListMap("node")]
    public IReadOnlyList<NodeProblem>? Problems { get; init; }
}

/// <summary>Why one node is not as asked.</summary>
public sealed record NodeProblem
{
    public required string Node { get; init; }

    public required string Reason { get; init; }

    public required string Message { get; init; }
}

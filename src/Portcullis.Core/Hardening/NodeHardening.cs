using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>Declares keys of daemon.json, the nodes that must have them, and when an engine may be restarted for them.</summary>
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
        Description = "Keys of daemon.json that every selected node must have: written, applied by a reload or restart of the engine, read back, and rolled back when the engine does not run with them.",
        Columns =
        [
            new("Nodes", ".status.summary", Description: "Nodes where every key is in force, of all nodes selected"),
            new("Mode", ".spec.mode", Priority: 1),
            new("Restart", ".spec.restartPolicy", Priority: 1),
        ],
    })
    {
        Rules = [new HardeningRules()],
        MustBeDeclared = _ => true,
        Claims = one => HardeningClaims.Of(TypedObject.Read<NodeHardening>(one.Value).Spec),
    };
}

/// <summary>When the agent may restart an engine for a key that a reload does not apply.</summary>
public enum RestartPolicy
{
    /// <summary>Never: the node reports the keys and waits until the engine is restarted by somebody else.</summary>
    Never,

    /// <summary>Once no container runs.</summary>
    WhenIdle,

    /// <summary>As soon as the rollout permits it.</summary>
    Always,
}

public enum HardeningMode
{
    Enforce,

    /// <summary>Differences are reported; nothing is written.</summary>
    Audit,
}

/// <summary>The desired state of a set of nodes.</summary>
[Rule("!has(self.rollout) || !has(self.restartPolicy) || self.restartPolicy != 'Never'", "rollout limits restarts, but restartPolicy Never allows none: remove rollout")]
public sealed record NodeHardeningSpec : ISuspendable
{
    [Description("Selects nodes that have all of these labels; every node when empty.")]
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    [JsonPropertyName("daemonJSON")]
    [Description("Keys of daemon.json, named as in the documentation of the engine. Other keys of the file are not changed.")]
    [PreserveUnknownFields]
    public required JsonObject DaemonJson { get; init; }

    [Description("When an engine may be restarted for a key that a reload does not apply: Never, WhenIdle (no container runs) or Always.")]
    [DefaultValue(RestartPolicy.Never)]
    public RestartPolicy RestartPolicy { get; init; }

    [Description("Enforce writes keys and reverts manual edits; Audit only reports differences.")]
    [DefaultValue(HardeningMode.Enforce)]
    public HardeningMode Mode { get; init; }

    [Description("How many engines may be unavailable at the same time.")]
    public HardeningRollout? Rollout { get; init; }

    [Description("Stops writing and reverting; what is in force stays in force.")]
    public bool? Suspend { get; init; }
}

/// <summary>Limits restarts over the selected nodes.</summary>
public sealed record HardeningRollout
{
    [Description("How many selected nodes may be restarting, unreachable, silent or rolled back at the same time. Further nodes wait.")]
    [Range(1, 1000)]
    [DefaultValue(1)]
    public int MaxUnavailable { get; init; } = 1;
}

/// <summary>The state of all selected nodes.</summary>
public sealed record NodeHardeningStatus : DeclarableStatus
{
    [Description("<in force>/<selected>, as kubectl get shows it.")]
    public string? Summary { get; init; }

    [Description("Number of nodes that nodeSelector matches.")]
    public int? Selected { get; init; }

    [Description("Number of nodes where every key is in force at this generation.")]
    public int? InForce { get; init; }

    [Description("Number of nodes that wait for a restart of their engine.")]
    public int? PendingRestart { get; init; }

    [Description("Number of manual edits reverted so far on all nodes.")]
    public long? DriftReverted { get; init; }

    [Description("Nodes where it is not in force, and why; at most 20.")]
    [ListMap("node")]
    public IReadOnlyList<NodeProblem>? Problems { get; init; }
}

/// <summary>Why it is not in force on a node.</summary>
public sealed record NodeProblem
{
    [Description("The node.")]
    public required string Node { get; init; }

    [Description("Why, as one word.")]
    public required string Reason { get; init; }

    [Description("Why the NodeHardening is not in force there.")]
    public required string Message { get; init; }
}

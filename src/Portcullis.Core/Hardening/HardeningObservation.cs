using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>A key that we wrote: the value last accepted, and for whom.</summary>
public sealed record OwnedKey(JsonNode Value, string Hardening, RestartPolicy RestartPolicy)
{
    /// <summary>Gone from the file, but only a restart takes its value out of the engine's memory.</summary>
    public bool IsLeaving { get; init; }
}

/// <summary>
/// A file written with which the engine has not yet been seen to run: the agent or the engine died within the change, or the change
/// waits for a restart. While it stands, an engine that fails is rolled back.
/// </summary>
public sealed record PendingChange(string Sha256, DateTimeOffset Since);

/// <summary>Content that the engine would not take, with its own words. It is not tried again until it changes.</summary>
public sealed record RejectedContent(string Sha256, string Error);

/// <summary>A stopped engine is somebody's will and is left alone; a failed one is rolled back.</summary>
public enum EngineProcessState
{
    Unknown,
    Running,
    Stopped,
    Failed,
}

/// <summary>The engine while it answers.</summary>
public sealed record EngineFacts
{
    public required EngineVersion Version { get; init; }

    public int ContainersRunning { get; init; }

    public bool SwarmActive { get; init; }

    public IReadOnlyList<string> AuthorizationPlugins { get; init; } = [];
}

/// <summary>All that the planner may look at.</summary>
public sealed record HardeningObservation
{
    public required DaemonFile File { get; init; }

    /// <summary>The file as it last was when the engine ran with it; null before the first time.</summary>
    public DaemonJson? LastGood { get; init; }

    /// <summary>Null when the engine does not answer.</summary>
    public EngineFacts? Engine { get; init; }

    public string? EngineProblem { get; init; }

    /// <summary>What became of the engine's process, as far as whoever runs it can tell.</summary>
    public EngineProcessState ProcessState { get; init; }

    /// <summary>Since when the engine has not answered; null while it does.</summary>
    public DateTimeOffset? DownSince { get; init; }

    public DaemonFlags Flags { get; init; } = DaemonFlags.None;

    /// <summary>The keys the engine runs with, as <see cref="EngineMemory"/> keeps them.</summary>
    public JsonObject InForce { get; init; } = [];

    public IReadOnlyDictionary<string, OwnedKey> Owned { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);

    public PendingChange? Pending { get; init; }

    public RejectedContent? Rejected { get; init; }

    /// <summary>Paths named by desired keys that are not on this node.</summary>
    public IReadOnlySet<string> MissingPaths { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>How long an engine may take to answer before a change counts as refused.</summary>
    public TimeSpan StartBound { get; init; } = TimeSpan.FromSeconds(60);
}

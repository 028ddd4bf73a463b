using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>Everything that planner and judge know of one node.</summary>
public sealed record HardeningObservation
{
    public required DaemonFile File { get; init; }

    /// <summary>The file as it was when the engine last ran with it; null before the first time.</summary>
    public DaemonJson? LastGood { get; init; }

    /// <summary>Null when the engine does not answer.</summary>
    public EngineObservation? Engine { get; init; }

    /// <summary>The settings that the engine shows; null when it does not answer.</summary>
    public EngineSettings? Settings { get; init; }

    public string? EngineProblem { get; init; }

    /// <summary>The state of the engine's process, as far as the service manager reports it.</summary>
    public EngineProcessState ProcessState { get; init; }

    /// <summary>Since when the engine has not answered; null while it does.</summary>
    public DateTimeOffset? DownSince { get; init; }

    public DaemonFlags Flags { get; init; } = DaemonFlags.None;

    /// <summary>The keys that the engine runs with, as <see cref="LoadedConfiguration"/> follows them.</summary>
    public JsonObject InForce { get; init; } = [];

    public IReadOnlyDictionary<string, OwnedKey> Owned { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);

    /// <summary>The keys of <see cref="LastGood"/> that are ours.</summary>
    public IReadOnlyDictionary<string, OwnedKey> GoodOwned { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);

    public PendingChange? Pending { get; init; }

    public RejectedContent? Rejected { get; init; }

    /// <summary>Paths named by desired keys that do not exist on this node.</summary>
    public IReadOnlySet<string> MissingPaths { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>How long an engine may take to answer before a change counts as rejected.</summary>
    public TimeSpan StartBound { get; init; } = TimeSpan.FromSeconds(60);
}

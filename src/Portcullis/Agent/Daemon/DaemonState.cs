using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>What the agent must know of daemon.json after kill -9. Each part has one owner, which alone changes it.</summary>
internal sealed record DaemonState
{
    /// <summary>Changed by <see cref="DaemonFileWriter"/> and <see cref="DaemonRollBack"/>.</summary>
    public KeyOwnership Keys { get; init; } = new();

    /// <summary>Changed by the same, and by <see cref="DaemonOutcomes"/> and <see cref="EngineApplication"/> once the engine runs with the file.</summary>
    public ChangeProgress Change { get; init; } = new();

    /// <summary>Changed by <see cref="LoadedConfigurationTracker"/>.</summary>
    public LoadedByEngine Engine { get; init; } = new();

    /// <summary>Changed by <see cref="DaemonOutcomes"/>.</summary>
    public DriftCount Drift { get; init; } = new();

    /// <summary>The handled value of the annotation requestedAt of each NodeHardening. Changed by <see cref="DesiredReader"/>.</summary>
    public IReadOnlyDictionary<string, string> Requested { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>The keys of daemon.json that are ours.</summary>
internal sealed record KeyOwnership
{
    public IReadOnlyDictionary<string, OwnedKey> Owned { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);

    /// <summary>Those in the last good file.</summary>
    public IReadOnlyDictionary<string, OwnedKey> Good { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);
}

/// <summary>The change that is in progress, and the last one.</summary>
internal sealed record ChangeProgress
{
    public PendingChange? Pending { get; init; }

    public RejectedContent? Rejected { get; init; }

    public string? LastAction { get; init; }

    public DateTimeOffset? LastActionTime { get; init; }

    public ChangeProgress Did(string action, DateTimeOffset now) => this with { LastAction = action, LastActionTime = now };
}

/// <summary>What an engine process has loaded.</summary>
internal sealed record LoadedByEngine
{
    public int Pid { get; init; }

    public long StartTicks { get; init; }

    public JsonObject InForce { get; init; } = [];

    /// <summary>The time of the last reload that <see cref="InForce"/> includes, by the clock of the engine, in nanoseconds since 1970.</summary>
    public long LastReload { get; init; }
}

/// <summary>Manual edits that were reverted.</summary>
internal sealed record DriftCount
{
    public long Reverted { get; init; }

    public DateTimeOffset? LastTime { get; init; }

    public string? LastBy { get; init; }

    public string? LastKeys { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DaemonState))]
internal sealed partial class DaemonJsonContext : JsonSerializerContext;

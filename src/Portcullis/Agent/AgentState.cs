using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>What the agent must know again after kill -9; written before the act it is about.</summary>
internal sealed record AgentState
{
    /// <summary>Keys of daemon.json that are ours.</summary>
    public IReadOnlyDictionary<string, OwnedKey> Owned { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);

    /// <summary>The same as it was with the last good file.</summary>
    public IReadOnlyDictionary<string, OwnedKey> GoodOwned { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);

    /// <summary>The engine process whose memory <see cref="InForce"/> is.</summary>
    public int EnginePid { get; init; }

    public long EngineStartTicks { get; init; }

    public JsonObject InForce { get; init; } = [];

    /// <summary>When the last reload was that <see cref="InForce"/> takes into account, by the engine's own clock, in nanoseconds since 1970.</summary>
    public long LastReload { get; init; }

    public PendingChange? Pending { get; init; }

    public RejectedContent? Rejected { get; init; }

    public long DriftReverted { get; init; }

    public DateTimeOffset? DriftTime { get; init; }

    public string? DriftBy { get; init; }

    public string? DriftKeys { get; init; }

    public string? LastAction { get; init; }

    public DateTimeOffset? LastActionTime { get; init; }

    /// <summary>The value of each NodeHardening's requestedAt annotation that was acted upon: a new one tries refused content again.</summary>
    public IReadOnlyDictionary<string, string> Requested { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgentState))]
internal sealed partial class AgentJsonContext : JsonSerializerContext;

/// <summary>The agent's folder: its state, the last good daemon.json, and copies of what was replaced because it was broken or refused.</summary>
internal sealed class AgentStateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int MostCopies = 5;
    private readonly string _folder;
    private byte[] _written = [];

    public AgentStateFolder(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder, OwnerOnly);
        DaemonFileOnDisk.RemoveHalfWritten(folder);
        State = Load();
        LastGood = DaemonFileOnDisk.Read(LastGoodPath).File is DaemonFile.Json json ? json.Content : null;
    }

    public AgentState State { get; private set; }

    /// <summary>daemon.json as it last was when the engine ran with it.</summary>
    public DaemonJson? LastGood { get; private set; }

    public string LastGoodPath => Path.Combine(_folder, "daemon.json.previous");

    private string StatePath => Path.Combine(_folder, "state.json");

    /// <summary>Lasts from here on; nothing is written when nothing differs.</summary>
    public void Save(AgentState state)
    {
        State = state;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(state, AgentJsonContext.Default.AgentState);
        if (!bytes.AsSpan().SequenceEqual(_written))
        {
            Write(StatePath, bytes);
            _written = bytes;
        }
    }

    public void SaveLastGood(DaemonJson content)
    {
        var bytes = content.ToBytes();
        if (LastGood is null || !bytes.AsSpan().SequenceEqual(LastGood.ToBytes()))
        {
            Write(LastGoodPath, bytes);
            LastGood = content;
        }
    }

    /// <summary>Keeps bytes that are about to be replaced, and gives the copy's path.</summary>
    public string KeepCopy(string why, ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        var path = Path.Combine(_folder, $"daemon.json.{why}-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        Write(path, bytes);
        foreach (var old in Directory.GetFiles(_folder, $"daemon.json.{why}-*").OrderDescending(StringComparer.Ordinal).Skip(MostCopies))
        {
            File.Delete(old);
        }

        return path;
    }

    /// <summary>Where content lies while dockerd is asked about it; named so that a kill meanwhile leaves nothing for long.</summary>
    public string CandidatePath => Path.Combine(_folder, $".daemon.json.candidate{DaemonFileOnDisk.Temporary}");

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var existed = File.Exists(path);
        DaemonFileOnDisk.Replace(path, bytes);
        if (!existed)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private AgentState Load()
    {
        try
        {
            _written = File.Exists(StatePath) ? File.ReadAllBytes(StatePath) : [];
            return _written.Length == 0 ? new AgentState() : JsonSerializer.Deserialize(_written, AgentJsonContext.Default.AgentState) ?? new AgentState();
        }
        catch (JsonException)
        {
            // A state that cannot be read is as none: keys of ours that are still asked for are owned again, others stay as foreign ones.
            return new AgentState();
        }
    }
}

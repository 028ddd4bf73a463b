using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>What JSON an engine expects for a key; another type is a start error.</summary>
public enum DaemonKeyType
{
    Boolean,
    Integer,
    Text,
    TextList,
    TextMap,
    BooleanMap,
    Mapping,
    ObjectList,
}

/// <summary>How a SIGHUP treats a key (moby daemon/reload.go, reload_unix.go).</summary>
public enum ReloadBehaviour
{
    /// <summary>Ignored, silently: a restart is needed.</summary>
    Restart,

    /// <summary>Taken over when the file has the key; when it has not, the old value stays.</summary>
    WhenPresent,

    /// <summary>Taken over, and reset to the default when the file has not the key.</summary>
    Always,
}

/// <summary>Where the value in force can be read; most of moby's settings show nowhere.</summary>
public enum ReadBackPlace
{
    None,

    /// <summary><c>GET /info</c>.</summary>
    Info,

    /// <summary>The options of the network <c>bridge</c>.</summary>
    BridgeNetwork,

    /// <summary>The attributes of the event <c>reload</c>.</summary>
    ReloadEvent,
}

/// <summary>One key of daemon.json as moby's source has it at the tags named in <c>DaemonKeys</c>.</summary>
public sealed record DaemonKey(string Name, DaemonKeyType Type)
{
    /// <summary>The first engine that knows the key; older ones refuse to start with it.</summary>
    public EngineVersion Since { get; init; } = EngineVersion.Oldest;

    /// <summary>The first engine that refuses to start with the key; null when every newer one takes it.</summary>
    public EngineVersion? Until { get; init; }

    /// <summary>From here on the engine takes the key and does nothing with it.</summary>
    public EngineVersion? IgnoredSince { get; init; }

    /// <summary>What to write instead, as a sentence.</summary>
    public string? Instead { get; init; }

    public ReloadBehaviour Reload { get; init; }

    /// <summary>What an engine does without the key; null when that depends on the host.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>The first engine with this default (default-ipc-mode changed once).</summary>
    public EngineVersion DefaultSince { get; init; } = EngineVersion.Oldest;

    public ReadBackPlace ReadBack { get; init; }

    /// <summary>The first engine that shows the value there.</summary>
    public EngineVersion ReadBackSince { get; init; } = EngineVersion.Oldest;

    /// <summary>The flag of the same setting when its name differs (<c>--label</c> for <c>labels</c>).</summary>
    public string? Flag { get; init; }

    /// <summary>May stand in the file and on the command line at once (moby's skipDuplicates).</summary>
    public bool MergesWithFlag { get; init; }

    /// <summary>The only values an engine takes; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public long? Minimum { get; init; }

    /// <summary>Names a file or folder that must be on the node, or the engine does not start.</summary>
    public bool IsPath { get; init; }

    /// <summary>May hold a credential (a token in log-opts, a password in a proxy URL): never shown.</summary>
    public bool Sensitive { get; init; }

    public string FlagName => Flag ?? Name;

    public bool IsKnownTo(EngineVersion version) => version >= Since && (Until is null || version < Until);

    public JsonNode? DefaultOf(EngineVersion version) => version >= DefaultSince ? Default : null;
}

using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>The JSON type that an engine expects; with another type it does not start.</summary>
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
    /// <summary>Ignored silently: a restart is required.</summary>
    Restart,

    /// <summary>Applied when the file has the key; otherwise the old value stays.</summary>
    WhenPresent,

    /// <summary>Applied when the file has the key; otherwise the default is restored.</summary>
    Always,
}

/// <summary>Where the value in force can be read; the engine does not show most settings.</summary>
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
    /// <summary>The first engine that supports the key; older ones do not start with it.</summary>
    public EngineVersion Since { get; init; } = EngineVersion.Oldest;

    /// <summary>The first engine that does not start with the key any more; null when every newer one supports it.</summary>
    public EngineVersion? Until { get; init; }

    /// <summary>The first engine that accepts the key without effect.</summary>
    public EngineVersion? IgnoredSince { get; init; }

    /// <summary>What to write instead, as a sentence.</summary>
    public string? Instead { get; init; }

    public ReloadBehaviour Reload { get; init; }

    /// <summary>The default of the engine; null when it depends on the host.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>The first engine with this default (default-ipc-mode changed once).</summary>
    public EngineVersion DefaultSince { get; init; } = EngineVersion.Oldest;

    public ReadBackPlace ReadBack { get; init; }

    /// <summary>The first engine that shows the value there.</summary>
    public EngineVersion ReadBackSince { get; init; } = EngineVersion.Oldest;

    /// <summary>The flag of the same setting when its name differs (<c>--label</c> for <c>labels</c>).</summary>
    public string? Flag { get; init; }

    /// <summary>The names in a mapping of which each has a flag of its own; empty for a mapping with any names.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>May be in the file and on the command line at once (moby's skipDuplicates).</summary>
    public bool MergesWithFlag { get; init; }

    /// <summary>The values that an engine accepts; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public long? Minimum { get; init; }

    /// <summary>A file or folder that must exist on the node, or the engine does not start.</summary>
    public bool IsPath { get; init; }

    /// <summary>May contain a credential (a token in log-opts, a password in a proxy URL): never shown.</summary>
    public bool Sensitive { get; init; }

    public string FlagName => Flag ?? Name;

    public bool IsKnownTo(EngineVersion version) => version >= Since && (Until is null || version < Until);

    public JsonNode? DefaultOf(EngineVersion version) => version >= DefaultSince ? Default : null;
}

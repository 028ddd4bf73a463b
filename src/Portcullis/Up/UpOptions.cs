namespace Portcullis.Up;

/// <summary>What <c>portcullis up</c> was asked.</summary>
internal sealed record UpOptions
{
    /// <summary>The repository to follow: a URL, or a folder on this machine.</summary>
    public required string Source { get; init; }

    /// <summary>The folder to read in it; the root when empty.</summary>
    public string Path { get; init; } = "";

    /// <summary>The branch to follow; main when empty.</summary>
    public string Branch { get; init; } = "";

    /// <summary>How often to look for a commit that nothing told of.</summary>
    public string Interval { get; init; } = "1m";

    public required string State { get; init; }

    /// <summary>Run to convergence and end.</summary>
    public bool Once { get; init; }

    /// <summary>How long <see cref="Once"/> may take.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The machine's own Engine instead of a private one.</summary>
    public string? Engine { get; init; }

    /// <summary>The daemon.json of the Engine above.</summary>
    public string? DaemonJson { get; init; }

    /// <summary>How the Engine above is restarted; systemd's unit docker.service when null.</summary>
    public string? EngineRestart { get; init; }

    /// <summary>The name of this machine's Node.</summary>
    public required string NodeName { get; init; }

    /// <summary>Parts to leave out: engine, registry, notary.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    public bool Json { get; init; }

    public int ApiPort { get; init; }

    public int? MetricsPort { get; init; }

    public int? ReceiverPort { get; init; }
}

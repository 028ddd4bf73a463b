using Portcullis.Admission;
using Portcullis.Up.Components;

namespace Portcullis.Up;

/// <summary>The options of <c>portcullis up</c>.</summary>
internal sealed record UpOptions
{
    /// <summary>The repository to follow: a URL, or a folder on this machine.</summary>
    public required string Source { get; init; }

    /// <summary>The folder to read in it; the root when empty.</summary>
    public string Path { get; init; } = "";

    /// <summary>The branch to follow; main when empty.</summary>
    public string Branch { get; init; } = "";

    /// <summary>How often to poll when no push notification arrives.</summary>
    public string Interval { get; init; } = "1m";

    public required string State { get; init; }

    /// <summary>Run until everything has converged, then exit.</summary>
    public bool Once { get; init; }

    /// <summary>How long <see cref="Once"/> may take.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The machine's own Engine, used instead of a private one.</summary>
    public string? Engine { get; init; }

    /// <summary>The daemon.json of the Engine above.</summary>
    public string? DaemonJson { get; init; }

    /// <summary>How the Engine above is restarted; systemd's unit docker.service when null.</summary>
    public string? EngineRestart { get; init; }

    /// <summary>The name of this machine's Node.</summary>
    public required string NodeName { get; init; }

    /// <summary>Components that are not started: engine, registry, notary, gateway.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>What is not started: with the machine's own Engine no private one either.</summary>
    public IReadOnlyList<string> Excluded => Engine is null ? Without : [.. Without, EngineComponent.Name];

    public bool Json { get; init; }

    public int ApiPort { get; init; }

    /// <summary>The loopback port of the gateway, which the host of a Registry in Git names.</summary>
    public int GatewayPort { get; init; } = 5443;

    public int? MetricsPort { get; init; }

    public int? ReceiverPort { get; init; }

    /// <summary>What becomes of edits of what Git declares.</summary>
    public EditPolicy Edits { get; init; } = EditPolicy.Revert;

    /// <summary>What nobody declares is acted upon too.</summary>
    public bool AllowUndeclared { get; init; }
}

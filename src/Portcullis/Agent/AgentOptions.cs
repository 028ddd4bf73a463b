namespace Portcullis.Agent;

/// <summary>Which engine an agent manages, and where it keeps its state.</summary>
internal sealed record AgentOptions
{
    /// <summary>The name of this machine's Node object.</summary>
    public required string NodeName { get; init; }

    /// <summary>The engine's socket, as <c>unix:///var/run/docker.sock</c>.</summary>
    public string Engine { get; init; } = "unix:///var/run/docker.sock";

    public string DaemonJson { get; init; } = "/etc/docker/daemon.json";

    /// <summary>dockerd's own pid file.</summary>
    public string PidFile { get; init; } = "/var/run/docker.pid";

    /// <summary>The dockerd whose <c>--validate</c> is used; null for the running one.</summary>
    public string? Dockerd { get; init; }

    /// <summary>Which keys are ours, the last good file, and files that the engine rejected; only its owner can read it.</summary>
    public string StateFolder { get; init; } = "/var/lib/portcullis/agent";

    /// <summary>How long an engine may take to start before the file is rolled back.</summary>
    public TimeSpan StartBound { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the engine may take to confirm a SIGHUP by its event <c>reload</c>.</summary>
    public TimeSpan ReloadBound { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a round runs although nothing changed.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a file may be half-written before it counts as broken.</summary>
    public TimeSpan HalfWritten { get; init; } = TimeSpan.FromMilliseconds(300);
}

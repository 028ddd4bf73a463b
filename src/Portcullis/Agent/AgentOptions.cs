namespace Portcullis.Agent;

/// <summary>Which engine an agent looks after, and where it keeps what must survive it.</summary>
internal sealed record AgentOptions
{
    /// <summary>The name of this machine's Node object.</summary>
    public required string NodeName { get; init; }

    /// <summary>The engine's socket, as <c>unix:///var/run/docker.sock</c>.</summary>
    public string Engine { get; init; } = "unix:///var/run/docker.sock";

    public string DaemonJson { get; init; } = "/etc/docker/daemon.json";

    /// <summary>dockerd's own pid file.</summary>
    public string PidFile { get; init; } = "/var/run/docker.pid";

    /// <summary>The dockerd to ask <c>--validate</c> of; null for the one that runs.</summary>
    public string? Dockerd { get; init; }

    /// <summary>Ownership, the last good file and what the engine refused; readable by its owner alone.</summary>
    public string StateFolder { get; init; } = "/var/lib/portcullis/agent";

    /// <summary>How long an engine may take to start before the file is rolled back.</summary>
    public TimeSpan StartBound { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a SIGHUP may take to show as the event <c>reload</c>.</summary>
    public TimeSpan ReloadBound { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often everything is looked at although nothing was heard.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a file may be half written before it counts as broken.</summary>
    public TimeSpan HalfWritten { get; init; } = TimeSpan.FromMilliseconds(300);
}

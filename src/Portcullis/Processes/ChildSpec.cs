namespace Portcullis.Processes;

/// <summary>How one program that runs beside ours is started, found again and stopped.</summary>
internal sealed record ChildSpec
{
    /// <summary>Its name in messages: engine, registry, notary.</summary>
    public required string Name { get; init; }

    /// <summary>The program's name, looked for in PATH and the system's sbin folders.</summary>
    public required string Program { get; init; }

    /// <summary>The Debian package that has it, for the message when it is missing.</summary>
    public required string Package { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Where it runs and where its pid file and log go.</summary>
    public required string Folder { get; init; }

    /// <summary>The address for users and clients; shown while it runs.</summary>
    public required string Address { get; init; }

    /// <summary>A folder that the program mounts onto itself and may leave mounted when it exits; it could not be deleted then.</summary>
    public string? OwnMount { get; init; }

    /// <summary>How long it may take to exit before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public string PidFile => Path.Combine(Folder, Name + ".pid");

    public string LogFile => Path.Combine(Folder, Name + ".log");
}

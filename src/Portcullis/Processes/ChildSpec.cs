namespace Portcullis.Processes;

/// <summary>How one program that runs beside us is started, found again and stopped.</summary>
internal sealed record ChildSpec
{
    /// <summary>The word by which messages call it: engine, registry, notary.</summary>
    public required string Name { get; init; }

    /// <summary>The program's name, looked for in PATH and the system's sbin folders.</summary>
    public required string Program { get; init; }

    /// <summary>The Debian package that has it, for the message when it is missing.</summary>
    public required string Package { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Where it runs and where its pid file and log go.</summary>
    public required string Folder { get; init; }

    /// <summary>What users and clients reach it by; shown when it runs.</summary>
    public required string Address { get; init; }

    /// <summary>A folder that the program mounts onto itself and may leave so when it ends: nobody could remove it.</summary>
    public string? OwnMount { get; init; }

    /// <summary>How long it may take to end by itself before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public string PidFile => Path.Combine(Folder, Name + ".pid");

    public string LogFile => Path.Combine(Folder, Name + ".log");
}

/// <summary>How a part of the program fares.</summary>
internal enum PartState
{
    Starting,
    Running,

    /// <summary>Its program is not installed; the rest goes on without it.</summary>
    Missing,

    /// <summary>It ended or never answered; it is tried again.</summary>
    Failed,
    Stopped,
}

/// <summary>What is shown of a part: its state and one line that says what to know or to do.</summary>
internal sealed record PartReport(string Name, PartState State, string Message);

namespace Portcullis.Commands;

/// <summary>How every command ends (docs/architecture.md, "Commands").</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>A finding, or a check that failed.</summary>
    Finding = 1,

    /// <summary>Wrong usage or wrong input.</summary>
    WrongInput = 2,

    /// <summary>Something outside was unreachable.</summary>
    Unreachable = 3,
}

/// <summary>Ends a command with one line for its user: what is wrong, where (file and line, or URL without credentials), and what to do.</summary>
internal sealed class CommandException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;
}

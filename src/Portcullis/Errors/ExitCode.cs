namespace Portcullis.Errors;

/// <summary>The exit codes of every command (docs/architecture.md, "Commands").</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>A finding, or a failed check.</summary>
    Finding = 1,

    /// <summary>Wrong usage or wrong input.</summary>
    WrongInput = 2,

    /// <summary>A server could not be reached.</summary>
    Unreachable = 3,
}

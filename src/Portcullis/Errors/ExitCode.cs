namespace Portcullis.Errors;

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

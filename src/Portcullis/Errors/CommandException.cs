namespace Portcullis.Errors;

/// <summary>Ends a command with one line for its user: what is wrong, where (file and line, or URL without credentials), and what to do.</summary>
internal sealed class CommandException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;
}

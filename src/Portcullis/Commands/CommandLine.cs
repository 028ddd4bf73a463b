using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Net;
using System.Runtime.InteropServices;
using Portcullis.Errors;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;

namespace Portcullis.Commands;

/// <summary>
/// Runs one command: wrong usage is exit 2 with a hint, an expected failure is one line on stderr and its own exit code,
/// and the first Ctrl-C or SIGTERM stops the command (the second ends the process).
/// </summary>
internal static class CommandLine
{
    private const string Summary =
        "Reconciles a container platform with Git: namespaces, access, guardrails and Docker Engines.";

    public static RootCommand Root(IEnumerable<Command> commands)
    {
        var root = new RootCommand(Summary);
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        foreach (var option in root.Options.OfType<HelpOption>())
        {
            // Slashes begin paths here: nobody wants them among the suggestions.
            option.Aliases.Remove("/?");
            option.Aliases.Remove("/h");
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
        }

        return root;
    }

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, IEnumerable<Command> commands)
    {
        var parsed = Root(commands).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return WrongUsage(parsed, error);
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = StopOn(PosixSignal.SIGINT, stop);
        using var terminate = StopOn(PosixSignal.SIGTERM, stop);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output,
            Error = error,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (Exception exception) when (Expected(exception, stop.IsCancellationRequested) is { } failure)
        {
            if (failure.Message.Length > 0)
            {
                await error.WriteLineAsync($"portcullis: {failure.Message}");
            }

            return (int)failure.ExitCode;
        }
    }

    /// <summary>The message and exit code of an expected failure; null for a defect, whose stack trace is shown.</summary>
    private static CommandException? Expected(Exception exception, bool stopping) => exception switch
    {
        CommandException failure => failure,
        OperationCanceledException when stopping => new CommandException(ExitCode.Done, ""),
        KubernetesApiException { StatusCode: HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest } wrong => new CommandException(ExitCode.WrongInput, wrong.Message),
        KubernetesApiException refused => new CommandException(ExitCode.Unreachable, $"the Kubernetes API rejected the request: {refused.Message}"),
        HttpRequestException unreachable => new CommandException(
            ExitCode.Unreachable, $"cannot reach the server: {unreachable.Message}. Check the address and that the server is running"),
        KubeConfigException wrong => new CommandException(ExitCode.WrongInput, wrong.Message),
        UnauthorizedAccessException denied => new CommandException(ExitCode.WrongInput, $"{denied.Message} Check its owner and mode, or run as another user"),
        IOException broken => new CommandException(ExitCode.WrongInput, broken.Message),
        _ => null,
    };

    private static int WrongUsage(ParseResult parsed, TextWriter error)
    {
        // For a mistyped command the message that a command is required is noise.
        var unmatched = parsed.UnmatchedTokens.Select(t => $"'{t}'").ToList();
        foreach (var problem in parsed.Errors.Where(e => unmatched.Count == 0 || unmatched.Exists(t => e.Message.Contains(t, StringComparison.Ordinal))))
        {
            error.WriteLine($"portcullis: {problem.Message}");
        }

        error.WriteLine($"See: portcullis{PathOf(parsed.CommandResult)} --help");
        return (int)ExitCode.WrongInput;
    }

    /// <summary>The names of a command and of those that it is in, each after a space; nothing for the program itself.</summary>
    private static string PathOf(SymbolResult? result) =>
        result is CommandResult { Command: not RootCommand } command ? $"{PathOf(command.Parent)} {command.Command.Name}" : "";

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
}

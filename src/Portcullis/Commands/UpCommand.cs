using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Admission;
using Portcullis.Errors;
using Portcullis.Objects.Json;
using Portcullis.Up;
using Portcullis.Up.Components;
using Spectre.Console;

namespace Portcullis.Commands;

/// <summary><c>portcullis up</c>: everything in one process on one machine.</summary>
internal static class UpCommand
{
    private static readonly Option<string> Source = new("--source") { Description = "The Git repository to follow: a URL, or a folder on this machine.", HelpName = "REPOSITORY", DefaultValueFactory = _ => "." };
    private static readonly Option<string> Folder = new("--path") { Description = "The folder to read in the repository.", HelpName = "FOLDER", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Branch = new("--branch") { Description = "The branch to follow. Default: main.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Interval = new("--interval") { CustomParser = ParseDuration, Description = "How often to poll when no push notification arrives.", HelpName = "DURATION", DefaultValueFactory = _ => "1m" };
    private static readonly Option<string> State = new("--state") { Description = "The state folder. A second run continues from it.", HelpName = "DIR", DefaultValueFactory = _ => DefaultState() };
    private static readonly Option<bool> Once = new("--once") { Description = "Run until everything has converged, print the table and exit: 0 when every resource is Ready, else 1." };
    private static readonly Option<int> Within = new("--within") { Description = "How many seconds --once may take.", HelpName = "SECONDS", DefaultValueFactory = _ => 300 };
    private static readonly Option<string> Engine = new("--engine") { Description = "Harden this Docker Engine (unix:///var/run/docker.sock) instead of starting a private one. Needs --daemon-json.", HelpName = "SOCKET" };
    private static readonly Option<string> DaemonJson = new("--daemon-json") { Description = "The daemon.json of the Engine given by --engine.", HelpName = "FILE" };
    private static readonly Option<string> EngineRestart = new("--engine-restart") { Description = "The command that restarts the Engine given by --engine. Default: systemctl restart docker.service.", HelpName = "COMMAND" };
    private static readonly Option<string> Node = new("--node") { Description = "The name of this machine's Node.", HelpName = "NAME", DefaultValueFactory = _ => Environment.MachineName.ToLowerInvariant() };
    private static readonly Option<string[]> Without = new("--without") { Description = "Do not start a component: engine, registry, notary or gateway.", HelpName = "COMPONENT", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private static readonly Option<int> ApiPort = new("--api-port") { CustomParser = PortNumber.Parse, Description = "The loopback port of the Kubernetes API. Default: a free port, the same at each start.", HelpName = "PORT" };
    private static readonly Option<int> GatewayPort = new("--gateway-port") { CustomParser = PortNumber.Parse, Description = "The loopback port of the registry's gateway; the host of a Registry in Git names it.", HelpName = "PORT", DefaultValueFactory = _ => 5443 };
    private static readonly Option<int?> MetricsPort = new("--metrics-port") { CustomParser = r => PortNumber.Parse(r), Description = "Serve Prometheus metrics on this loopback port.", HelpName = "PORT" };
    private static readonly Option<int?> ReceiverPort = new("--receiver-port") { CustomParser = r => PortNumber.Parse(r), Description = "Receive push notifications on this loopback port.", HelpName = "PORT" };
    private static readonly Option<string> Edits = new("--edits") { Description = "What becomes of edits of what Git declares: Refuse (the message names file and line) or Revert. They have no effect either way.", HelpName = "WAY", DefaultValueFactory = _ => nameof(EditPolicy.Revert) };
    private static readonly Option<bool> AllowUndeclared = new("--allow-undeclared") { Description = "Act upon objects that nobody declares too, for trying things out with kubectl; never upon GitSources, NodeHardenings and FullControl." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "The output format of --once: text or json.", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };

    private const int WidthOfPlainTables = 10_000; // a log is never cut

    public static Command Create()
    {
        Without.AcceptOnlyFromAmong([.. LocalComponents.Names, UpGateway.Name]);
        Output.AcceptOnlyFromAmong("text", "json");
        Edits.AcceptOnlyFromAmong(nameof(EditPolicy.Refuse), nameof(EditPolicy.Revert));
        var command = new Command("up", "Run everything on this machine: a Kubernetes API, an Engine, a registry, and the operator that reconciles them with Git.")
        {
            Source, Folder, Branch, Interval, State, Once, Within, Engine, DaemonJson, EngineRestart, Node, Without, ApiPort, GatewayPort, MetricsPort, ReceiverPort, Edits, AllowUndeclared, Output,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(Engine) is null) != (result.GetValue(DaemonJson) is null))
            {
                result.AddError("--engine and --daemon-json must be given together: the Engine and its configuration file");
            }
        });
        command.SetAction(RunAsync);
        return command.WithExamples(
            "portcullis up --source .",
            "portcullis up --source https://git.example.com/platform.git --branch main --path clusters/one",
            "portcullis up --source . --once --output json",
            "portcullis up --source . --engine unix:///var/run/docker.sock --daemon-json /etc/docker/daemon.json");
    }

    private static string ParseDuration(ArgumentResult result)
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";
        if (!Regex.IsMatch(text, KubernetesDuration.Pattern))
        {
            result.AddError($"'{text}' is not a duration: write it as 30s, 5m or 1h");
        }

        return text;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = Options(parsed);
        var output = parsed.InvocationConfiguration.Output;
        var error = parsed.InvocationConfiguration.Error;
        var live = !options.Once && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
        if (live)
        {
            return (int)await RunLiveAsync(options, cancellationToken);
        }

        // With JSON asked for, the output is the data alone.
        var run = new UpRun(options, new PlainDisplay(options.Json ? error : output, TimeProvider.System), TimeProvider.System);
        var code = await run.RunAsync(cancellationToken);
        if (options.Once)
        {
            Print(options, run.Rows, output);
            foreach (var missing in Convergence.Missing(run.Rows))
            {
                await error.WriteLineAsync($"portcullis: not ready: {missing}");
            }
        }

        return (int)code;
    }

    private static async Task<ExitCode> RunLiveAsync(UpOptions options, CancellationToken cancellationToken)
    {
        var table = new LiveTable(AnsiConsole.Console, TimeProvider.System);
        using var drawn = new CancellationTokenSource();
        var drawing = table.DrawAsync(drawn.Token);
        try
        {
            return await new UpRun(options, table, TimeProvider.System).RunAsync(cancellationToken);
        }
        finally
        {
            await drawn.CancelAsync();
            await drawing;
        }
    }

    private static UpOptions Options(ParseResult parsed)
    {
        var source = parsed.GetRequiredValue(Source);
        if (!source.Contains("://", StringComparison.Ordinal))
        {
            source = Path.GetFullPath(source);
            if (!Directory.Exists(Path.Combine(source, ".git")) && !File.Exists(Path.Combine(source, ".git")) && !File.Exists(Path.Combine(source, "HEAD")))
            {
                throw new CommandException(ExitCode.WrongInput, $"{source} is not a Git repository: create one with git init, or give another with --source");
            }
        }

        return new UpOptions
        {
            Source = source,
            Path = parsed.GetRequiredValue(Folder),
            Branch = parsed.GetRequiredValue(Branch),
            Interval = parsed.GetRequiredValue(Interval),
            State = parsed.GetRequiredValue(State),
            Once = parsed.GetValue(Once),
            Within = TimeSpan.FromSeconds(parsed.GetValue(Within)),
            Engine = parsed.GetValue(Engine),
            DaemonJson = parsed.GetValue(DaemonJson),
            EngineRestart = parsed.GetValue(EngineRestart),
            NodeName = parsed.GetRequiredValue(Node),
            Without = parsed.GetRequiredValue(Without),
            Json = parsed.GetValue(Output) == "json",
            ApiPort = parsed.GetValue(ApiPort),
            GatewayPort = parsed.GetValue(GatewayPort),
            MetricsPort = parsed.GetValue(MetricsPort),
            ReceiverPort = parsed.GetValue(ReceiverPort),
            Edits = Enum.Parse<EditPolicy>(parsed.GetRequiredValue(Edits)),
            AllowUndeclared = parsed.GetValue(AllowUndeclared),
        };
    }

    private static void Print(UpOptions options, IReadOnlyList<ResourceRow> rows, TextWriter output)
    {
        if (options.Json)
        {
            output.WriteLine(KubernetesJson.ToText(new JsonArray([.. rows.Select(Json)])));
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect });
        console.Profile.Width = Console.IsOutputRedirected ? WidthOfPlainTables : console.Profile.Width;
        foreach (var line in rows.Count > 0 ? TableView.Resources(rows, TimeProvider.System.GetUtcNow(), console.Profile.Width) : [])
        {
            console.MarkupLine(line);
        }
    }

    private static JsonNode Json(ResourceRow row) => new JsonObject
    {
        ["kind"] = row.Kind,
        ["name"] = row.Name,
        ["ready"] = row.Ready,
        ["state"] = row.State.ToString(),
        ["message"] = row.Message,
        ["created"] = row.Created.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        ["datum"] = row.Datum,
    };

    private static string DefaultState()
    {
        var home = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return string.IsNullOrEmpty(home)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "portcullis")
            : Path.Combine(home, "portcullis");
    }
}

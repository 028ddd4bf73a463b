using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Agent;
using Portcullis.ApiServer;
using Portcullis.Bootstrap;
using Portcullis.Errors;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Operator;
using Portcullis.Processes;
using Portcullis.Sources;

namespace Portcullis.Up;

/// <summary>
/// One run of <c>portcullis up</c>: the embedded API, the servers beside it, then the operator and the agent against that API, as
/// they would run against any other. Everything it started ends with it, in the opposite order.
/// </summary>
internal sealed class UpRun(UpOptions options, IUpDisplay display, TimeProvider time)
{
    private const string RootSource = "root";
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private IReadOnlyList<ResourceRow> _rows = [];

    /// <summary>The last table; empty before the first look.</summary>
    public IReadOnlyList<ResourceRow> Rows => _rows;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        using var state = StateFolder.Open(options.State);
        var code = await RunAsync(state, cancellationToken);
        display.Part(new PartReport("api", PartState.Stopped, "stopped"));
        display.Say("Everything that was started has ended; the same command goes on from here.");
        return code;
    }

    private async Task<ExitCode> RunAsync(StateFolder state, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(logging => Log(logging, Path.Combine(state.Path, "api.log")));
        display.Say($"State: {state.Path}");
        await using var parts = UpParts.Start(options, state, display.Part, time);
        display.Part(new PartReport("api", PartState.Starting, "starting the embedded Kubernetes API"));
        await using var api = await EmbeddedApiServer.StartAsync(
            new ApiServerOptions { StateFolder = state.Folder("api"), Port = options.ApiPort }, loggers, cancellationToken);
        display.Part(new PartReport("api", PartState.Running, api.Address.ToString()));

        var admin = KubernetesClientFactory.Create(KubeConfig.LoadDefault(api.AdminKubeconfigPath, time: time), time);
        await new ClusterBootstrap(admin, time).ApplyAsync(cancellationToken);
        var access = new LocalAccess(admin, api, state);
        await access.ApplyAsync(options.NodeName, cancellationToken);

        using var host = BuildOperator(access.Operator(time), state);
        await host.StartAsync(cancellationToken);
        using var agent = BuildAgent(access, state, parts);
        await (agent?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        var root = new RootSourceDeclaration(RootSource, options.Source) { Branch = options.Branch, Path = options.Path, Interval = options.Interval };
        var request = await root.DeclareAsync(admin, time.GetUtcNow(), cancellationToken);
        display.Say($"Source: {options.Source}");
        display.Say($"export KUBECONFIG={api.AdminKubeconfigPath}");
        try
        {
            return await WatchAsync(new ResourceTable(admin), new Convergence(RootSource, request), cancellationToken);
        }
        finally
        {
            display.Say("Stopping …");
            await Task.WhenAll(agent?.StopAsync(CancellationToken.None) ?? Task.CompletedTask, host.StopAsync(CancellationToken.None));
        }
    }

    private IHost BuildOperator(KubernetesConnection connection, StateFolder state) => OperatorHost.Build(new OperatorSettings
    {
        Connection = connection,
        Logging = logging => Log(logging, Path.Combine(state.Path, "operator.log")),
        Admission = new Admission.AdmissionOptions { Port = 0 },
        Metrics = options.MetricsPort is { } port ? new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port) : null,
        Sources = new GitSourcesOptions
        {
            RootSource = RootSource,
            CacheFolder = state.Folder("git"),
            AllowLocal = true,
            ReceiverPort = options.ReceiverPort,
        },
    });

    /// <summary>Null where there is no engine to look after.</summary>
    private IHost? BuildAgent(LocalAccess access, StateFolder state, UpParts parts)
    {
        var common = new AgentOptions { NodeName = options.NodeName, StateFolder = state.Folder("agent") };
        (AgentOptions Options, IEngineProcess Keeper)? found = options.Engine is { } engine
            ? (common with { Engine = engine, DaemonJson = options.DaemonJson ?? common.DaemonJson },
                options.EngineRestart is { } command ? new CommandEngine(command, null) : new SystemdEngine("docker.service"))
            : parts.Engine is { } supervised
            ? (common with
            {
                Engine = $"unix://{LocalParts.EngineSocket(state)}",
                DaemonJson = LocalParts.DaemonJson(state),
                PidFile = LocalParts.EnginePidFile(state),
            },
            new SupervisedEngine(supervised))
            : null;
        return found is { } one
            ? AgentHost.Build(one.Options, one.Keeper, access.Agent(options.NodeName, time), logging => Log(logging, Path.Combine(state.Path, "agent.log")))
            : null;
    }

    /// <summary>Looks at every resource again and again; ends on convergence when that is all that was wanted.</summary>
    private async Task<ExitCode> WatchAsync(ResourceTable table, Convergence convergence, CancellationToken cancellationToken)
    {
        var deadline = time.Monotonic() + options.Within;
        while (true)
        {
            _rows = await ReadAsync(table, cancellationToken);
            display.Rows(_rows);
            if (options.Once)
            {
                if (convergence.Look(_rows))
                {
                    return ExitCode.Done;
                }

                if (time.Monotonic() > deadline || convergence.IsHopeless(_rows))
                {
                    return ExitCode.Finding;
                }
            }

            try
            {
                await Task.Delay(LookEvery, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return options.Once ? ExitCode.Finding : ExitCode.Done;
            }
        }
    }

    /// <summary>A look that fails (the API is busy) shows what the last one saw.</summary>
    private async Task<IReadOnlyList<ResourceRow>> ReadAsync(ResourceTable table, CancellationToken cancellationToken)
    {
        try
        {
            return await table.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or KubernetesApiException || cancellationToken.IsCancellationRequested)
        {
            return _rows;
        }
    }

    private void Log(ILoggingBuilder logging, string path)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
#pragma warning disable CA2000 // the logger factory disposes its providers
        logging.AddProvider(new FileLoggerProvider(path, time));
#pragma warning restore CA2000
    }
}

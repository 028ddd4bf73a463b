using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Admission;
using Portcullis.Agent;
using Portcullis.Agent.Engine;
using Portcullis.Gateway;
using Portcullis.Gateway.Forwarding;
using Portcullis.Http.Serving;
using Portcullis.Operator;
using Portcullis.Scans;
using Portcullis.Sources;
using Portcullis.Sources.Root;
using Portcullis.Up.Components;

namespace Portcullis.Up;

/// <summary>Operator, gateway and agent of one run of <c>portcullis up</c>, each with its own identity, as they run against any other API server.</summary>
internal sealed class UpHosts(UpOptions options, StateFolder state, LocalAccess access, TimeProvider time)
{
    /// <summary>The folder of the vulnerability database and of the component store.</summary>
    private const string Scanner = "scanner";

    public IHost Operator(string rootSource, RootSourceDeclaration root) => OperatorHost.Build(new OperatorSettings
    {
        Connection = access.Operator(time),
        Logging = LogTo("operator.log"),
        Admission = new AdmissionOptions { Port = 0, Edits = options.Edits },
        AllowUndeclared = options.AllowUndeclared,
        KeepsDefinitions = true,
        Scans = new ScanOptions { Advisories = Path.Combine(state.Folder(Scanner), "advisories.db"), Store = Path.Combine(state.Folder(Scanner), "components.db") },
        Metrics = options.MetricsPort is { } port ? ListenAddress.Loopback(port) : null,
        Sources = new GitSourcesOptions
        {
            RootSource = rootSource,
            Root = root,
            CacheFolder = state.Folder("git"),
            AllowLocal = true,
            ReceiverPort = options.ReceiverPort,
        },
    });

    /// <param name="published">Is called with what signers publish; null without a private Notary server.</param>
    public IHost Gateway(IPublishedTrust? published) => GatewayHost.Build(new GatewaySettings
    {
        Connection = access.Gateway(time),
        Logging = LogTo("gateway.log"),
        AllowUndeclared = options.AllowUndeclared,
        Published = published,
        Gateway = new GatewayOptions { Listen = ListenAddress.Loopback(options.GatewayPort), Certificate = new GatewayCertificate(state, time).Ensure() },
    });

    /// <summary>Null without an engine.</summary>
    public IHost? Agent(RunningComponents components)
    {
        var common = new AgentOptions { NodeName = options.NodeName, StateFolder = state.Folder("agent") };
        if (options.Engine is { } own)
        {
            return Agent(
                common with { Engine = own, DaemonJson = options.DaemonJson ?? common.DaemonJson },
                options.EngineRestart is { } command ? new CommandEngine(command, null) : new SystemdEngine("docker.service"));
        }

        var engine = new EngineComponent(state);
        return components.Find(EngineComponent.Name) is { } process
            ? Agent(
                common with { Engine = $"unix://{engine.Socket}", DaemonJson = engine.DaemonJson, PidFile = engine.PidFile },
                new SupervisedEngine(process))
            : null;
    }

    /// <summary>The terminal belongs to the table, so each log is a file of the state folder.</summary>
    public static Action<ILoggingBuilder> LogTo(string path, TimeProvider time) => logging =>
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
#pragma warning disable CA2000 // the logger factory disposes its providers
        logging.AddProvider(new FileLoggerProvider(path, time));
#pragma warning restore CA2000
    };

    private IHost Agent(AgentOptions agent, IEngineProcess process) => AgentHost.Build(agent, process, access.Agent(options.NodeName, time), LogTo("agent.log"));

    private Action<ILoggingBuilder> LogTo(string file) => LogTo(Path.Combine(state.Path, file), time);
}

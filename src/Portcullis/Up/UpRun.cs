using Microsoft.Extensions.Logging;
using Portcullis.ApiServer;
using Portcullis.Bootstrap;
using Portcullis.Errors;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Processes;
using Portcullis.Up.Components;
using Portcullis.Up.Signatures;

namespace Portcullis.Up;

/// <summary>
/// One run of <c>portcullis up</c>: the embedded API, the servers beside it, then the operator and the agent against that API.
/// Everything it starts is stopped at its end, in the opposite order.
/// </summary>
internal sealed class UpRun(UpOptions options, IUpDisplay display, TimeProvider time)
{
    private const string Api = "api";
    private const string RootSource = "root";
    private readonly ResourceWatch _watch = new(options, display, time);

    /// <summary>The resources as last read; empty before the first time.</summary>
    public IReadOnlyList<ResourceRow> Rows => _watch.Rows;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        using var state = StateFolder.Open(options.State);
        var code = await RunAsync(state, cancellationToken);
        display.Component(new ComponentReport(Api, ComponentState.Stopped, "stopped"));
        display.Say("All processes stopped. Run the same command to continue.");
        return code;
    }

    private async Task<ExitCode> RunAsync(StateFolder state, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(UpHosts.LogTo(Path.Combine(state.Path, "api.log"), time));
        display.Say($"State: {state.Path}");
        var signing = new TokenSigningKey(state, time);
        signing.Ensure();
        await using var components = RunningComponents.Start(LocalComponents.Of(state, signing, options.Excluded), display.Component, time);
        await using var signatures = components.Find(NotaryComponent.Name) is null ? null : KeptSignatures.Start(state, signing, time);
        await using var api = await StartApiAsync(state, loggers, cancellationToken);
        var admin = KubernetesClientFactory.Create(KubeConfig.LoadDefault(api.AdminKubeconfigPath, time: time), time);
        await new ClusterBootstrap(admin, Catalog.Default.Kinds, time).ApplyAsync(cancellationToken);
        var access = new LocalAccess(admin, api, state);
        await access.ApplyAsync(options.NodeName, cancellationToken);
        await new LocalSecrets(admin, state, signing).ApplyAsync(RootSource, cancellationToken);

        var hosts = new UpHosts(options, state, access, time);
        var root = Sources.Root.RootSource.From(RootSource, options.Source, Catalog.Default.Kinds, options.Branch, options.Path, options.Interval);
        using var host = hosts.Operator(RootSource, Sources.Root.RootSourceDeclaration.Of(root));
        await host.StartAsync(cancellationToken);
        using var agent = hosts.Agent(components);
        await (agent?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        await using var gateway = await UpGateway.StartAsync(options, () => hosts.Gateway(signatures), display.Component, cancellationToken);
        var request = await RootSourceRequest.SendAsync(admin, RootSource, time, cancellationToken);
        display.Say($"Source: {options.Source}");
        display.Say($"export KUBECONFIG={api.AdminKubeconfigPath}");
        try
        {
            return await _watch.RunAsync(new ResourceTable(admin, Catalog.Default.Kinds), new Convergence(RootSource, request), cancellationToken);
        }
        finally
        {
            display.Say("Stopping …");
            await Task.WhenAll(agent?.StopAsync(CancellationToken.None) ?? Task.CompletedTask, host.StopAsync(CancellationToken.None));
        }
    }

    private async Task<EmbeddedApiServer> StartApiAsync(StateFolder state, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        display.Component(new ComponentReport(Api, ComponentState.Starting, "starting the embedded Kubernetes API"));
        var api = await EmbeddedApiServer.StartAsync(new ApiServerOptions { StateFolder = state.Folder(Api), Port = options.ApiPort }, loggers, cancellationToken);
        display.Component(new ComponentReport(Api, ComponentState.Running, api.Address.ToString()));
        return api;
    }
}

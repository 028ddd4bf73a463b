using System.Net;
using System.Text.Json.Nodes;
using Portcullis.Clients.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Engine;

/// <summary>Asks the engine for its version, settings and containers, and finds its process.</summary>
internal sealed class EngineObserver(AgentOptions options, EngineConnection engine, TimeProvider time)
{
    public async Task<EngineSnapshot> ObserveAsync(EngineSnapshot before, CancellationToken cancellationToken)
    {
        var process = RunningEngine.Find(options.PidFile, time);
        try
        {
            return await AskAsync(process, cancellationToken);
        }
        catch (EngineException e)
        {
            var error = await engine.Process.LastErrorAsync(cancellationToken);
            return new EngineSnapshot
            {
                Problem = error is null || !e.IsUnreachable ? e.Message : $"{e.Message}; last error in its log: {error}",
                ProcessState = await engine.Process.StateAsync(cancellationToken),
                DownSince = before.DownSince ?? time.GetUtcNow(),
                Process = process,
            };
        }
    }

    private async Task<EngineSnapshot> AskAsync(RunningEngine? process, CancellationToken cancellationToken)
    {
        if (process is null)
        {
            // Without a process nothing can be signalled, and no command line compared.
            await engine.Api.PingAsync(cancellationToken);
            throw new EngineException($"the engine answers, but {options.PidFile} does not name a running dockerd of root or of the agent's user: set the path of its pid file", HttpStatusCode.OK);
        }

        var info = await engine.Api.GetInfoAsync(cancellationToken);
        if (!EngineVersion.TryParse(info.ServerVersion, out var version))
        {
            throw new EngineException($"the version of the engine is '{info.ServerVersion}', which cannot be read", HttpStatusCode.BadGateway);
        }

        var bridge = await engine.Api.GetNetworkAsync("bridge", cancellationToken);
        return new EngineSnapshot
        {
            Observation = new EngineObservation
            {
                Version = version,
                ContainersRunning = info.ContainersRunning,
                SwarmActive = info.Swarm?.LocalNodeState is not (null or "" or "inactive"),
                AuthorizationPlugins = info.Plugins?.Authorization ?? [],
            },
            Settings = new EngineSettings(version, info.Raw)
            {
                BridgeOptions = bridge?.Options is { } map ? new(map.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))) : null,
                ReloadEvent = engine.Reloads.Last?.Attributes,
            },
            ProcessState = EngineProcessState.Running,
            Process = process,
        };
    }
}

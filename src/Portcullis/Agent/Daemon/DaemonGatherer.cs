using System.Text.Json;
using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>Gathers what the planner needs: the file, the engine's answers and command line, and what it has loaded.</summary>
internal sealed class DaemonGatherer(
    AgentOptions options, EngineConnection engine, DaemonStore store, LoadedConfigurationTracker loaded, TimeProvider time)
{
    private readonly EngineObserver _observer = new(options, engine, time);

    public EngineSnapshot Snapshot { get; private set; } = new();

    /// <summary>Asks the engine again.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        Snapshot = await _observer.ObserveAsync(Snapshot, cancellationToken);
        if (Snapshot is { Process: { } process, Settings: { } settings })
        {
            loaded.Observe(process, settings, engine.Reloads.Last);
        }
    }

    public HardeningObservation Observe(DesiredConfiguration desired, DaemonFile file)
    {
        var state = store.State;
        return new HardeningObservation
        {
            File = file,
            LastGood = store.LastGood,
            Engine = Snapshot.Observation,
            Settings = Snapshot.Settings,
            EngineProblem = Snapshot.Problem,
            ProcessState = Snapshot.ProcessState,
            DownSince = Snapshot.DownSince,
            Flags = Snapshot.Process?.Flags ?? DaemonFlags.None,
            InForce = state.Engine.InForce,
            Owned = state.Keys.Owned,
            GoodOwned = state.Keys.Good,
            Pending = state.Change.Pending,
            Rejected = state.Change.Rejected,
            MissingPaths = MissingPaths(desired),
            StartBound = options.StartBound,
        };
    }

    private static HashSet<string> MissingPaths(DesiredConfiguration desired) =>
        desired.Keys.Where(k => DaemonKeys.Find(k.Key)?.IsPath == true && k.Value.Value.GetValueKind() == JsonValueKind.String)
            .Select(k => k.Value.Value.GetValue<string>())
            .Where(p => p.StartsWith('/') && !Path.Exists(p))
            .ToHashSet(StringComparer.Ordinal);
}

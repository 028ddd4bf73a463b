using Portcullis.Actions;
using Portcullis.Agent.Engine;
using Portcullis.Agent.Files;
using Portcullis.Clients.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>
/// Keeps daemon.json and its engine as the NodeHardenings declare:
/// <code>read the file ─▶ plan ─▶ run ─▶ … until nothing is left ─▶ read back ─▶ judge</code>
/// </summary>
internal sealed class DaemonTask : INodeTask
{
    private const string Actor = "node-agent";
    private const int MostRounds = 6;
    private static readonly TimeSpan UnreachableRetry = TimeSpan.FromSeconds(2);
    private readonly AgentOptions _options;
    private readonly INodeCluster _cluster;
    private readonly ActionRunner _runner;
    private readonly TimeProvider _time;
    private readonly EngineClient _api;
    private readonly DaemonStore _store;
    private readonly ReloadEvents _reloads;
    private readonly DaemonGatherer _gatherer;
    private readonly DesiredReader _desired;
    private readonly DaemonSteps _steps;
    private readonly DaemonOutcomes _outcomes;
    private readonly HalfWrittenFile _halfWritten;
    private FileWatch? _watch;
    private Action _wake = () => { };
    private bool _isStale = true;

    public DaemonTask(AgentOptions options, IEngineProcess process, INodeCluster cluster, ActionRunner runner, TimeProvider time)
    {
        (_options, _cluster, _runner, _time) = (options, cluster, runner, time);
        _api = EngineClient.Connect(options.Engine);
        _store = new DaemonStore(options.StateFolder);
        _reloads = new ReloadEvents(_api, () => File.GetLastWriteTimeUtc(_api.SocketPath), () => _store.State.Engine.LastReload, time, Reloaded);
        var engine = new EngineConnection(_api, process, _reloads);
        var loaded = new LoadedConfigurationTracker(options, _store);
        _gatherer = new DaemonGatherer(options, engine, _store, loaded, time);
        _desired = new DesiredReader(cluster, _store);
        _steps = new DaemonSteps(options, engine, _store, loaded, time);
        _outcomes = new DaemonOutcomes(options, cluster, _store, time);
        _halfWritten = new HalfWrittenFile(options.HalfWritten, time);
    }

    public async Task WatchAsync(Action wake, CancellationToken cancellationToken)
    {
        _wake = wake;
        using var watch = new FileWatch(_options.DaemonJson, wake);
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_options.DaemonJson))!).FullName;
        AtomicFile.RemoveTemporary(folder, Path.GetFileName(_options.DaemonJson));
        using var writers = new FileWriters(folder);
        (_watch, _steps.Writers) = (watch, writers);
        watch.Ensure();
        await Task.Run(() => _reloads.RunAsync(cancellationToken), CancellationToken.None);
    }

    public void Invalidate() => Volatile.Write(ref _isStale, true);

    public async Task<TaskResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var round = 1; ; round++)
            {
                if (await RoundAsync(isLast: round == MostRounds, cancellationToken) is { } result)
                {
                    return result;
                }

                Invalidate();
            }
        }
        finally
        {
            _watch?.Ensure();
        }
    }

    public void Dispose() => _api.Dispose();

    /// <summary>Null when another round is due.</summary>
    private async Task<TaskResult?> RoundAsync(bool isLast, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStale, false) || _gatherer.Snapshot.Process?.Identity.IsAlive() != true)
        {
            await _gatherer.RefreshAsync(cancellationToken);
        }

        var desired = _desired.Read();
        var file = DaemonFileOnDisk.Read(_options.DaemonJson);
        if (_store.LastGood is not null && _halfWritten.IsBeingWritten(file.File))
        {
            return new TaskResult(null, _options.HalfWritten);
        }

        var plan = HardeningPlanner.Plan(desired, _gatherer.Observe(desired, file.File), _time.GetUtcNow());
        var results = await _runner.RunAsync(Actor, plan.Actions, new DaemonExecutor(_steps, file, _gatherer.Snapshot), cancellationToken);
        _outcomes.Record(results);
        var isGivenUp = results.Any(r => r is ActionResult.Failed { Problem.Reason: not (HardeningReasons.Refused or HardeningReasons.RolledBack or HardeningReasons.FileChanged or HardeningReasons.EngineUnreachable) });
        if (plan.ChangesNode && !isLast && !isGivenUp)
        {
            return null;
        }

        var snapshot = _gatherer.Snapshot;
        if (!isGivenUp)
        {
            _outcomes.Settle(plan, file.File, isEngineUp: snapshot.Observation is not null);
        }

        var report = DaemonJsonJudge.Judge(_cluster.Selecting(), desired, _gatherer.Observe(desired, file.File), plan, results);
        return new TaskResult(
            new TaskReport(report.Hardenings, new DaemonSection(_options.DaemonJson, report, snapshot, file, _store.State).Write),
            snapshot.Observation is null ? UnreachableRetry : null);
    }

    private void Reloaded()
    {
        Invalidate();
        _wake();
    }
}

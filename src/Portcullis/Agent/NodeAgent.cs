using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Clients.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>
/// Keeps one engine as its NodeHardenings say. One round at a time, started by anything that may matter (the file, the engine, the
/// objects, a timer) and always over the whole present state:
/// <code>read the file ─▶ plan ─▶ act ─▶ … until nothing is left ─▶ read back ─▶ report</code>
/// </summary>
internal sealed partial class NodeAgent : BackgroundService
{
    private const int MostRounds = 6;
    private static readonly TimeSpan TroubledPause = TimeSpan.FromSeconds(2);
    private readonly AgentOptions _options;
    private readonly INodeCluster _cluster;
    private readonly TimeProvider _time;
    private readonly ILogger<NodeAgent> _logger;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly EngineClient _engine;
    private readonly AgentStateFolder _folder;
    private readonly ReloadEvents _events;
    private readonly EngineObserver _observer;
    private readonly EngineConfigurator _configurator;
    private long _unsettledSince;
    private bool _lookDue = true;
    private bool _isReported = true;

    public NodeAgent(AgentOptions options, IEngineProcess keeper, INodeCluster cluster, TimeProvider time, ILogger<NodeAgent> logger)
    {
        _options = options;
        _cluster = cluster;
        _time = time;
        _logger = logger;
        _engine = EngineClient.Connect(options.Engine);
        _folder = new AgentStateFolder(options.StateFolder);
        _events = new ReloadEvents(_engine, () => _folder.State.LastReload, time, () => Wake(look: true));
        _observer = new EngineObserver(options, _engine, keeper, _folder, _events, time);
        _configurator = new EngineConfigurator(options, new EngineHandle(_engine, keeper, _events), _folder, time, logger);
    }

    public override void Dispose()
    {
        _engine.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watch = new DaemonFileWatch(_options.DaemonJson, () => Wake(look: false));
        var home = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_options.DaemonJson))!).FullName;
        DaemonFileOnDisk.RemoveHalfWritten(home, Path.GetFileName(_options.DaemonJson));
        using var writers = new FileWriters(home);
        watch.Ensure();
        var listening = Task.Run(() => _events.RunAsync(stoppingToken), CancellationToken.None);
        try
        {
            using var subscription = _cluster.Subscribe(() => Wake(look: true));
            _ = SyncAsync(stoppingToken);
            while (true)
            {
                await SafelyAsync(() => RoundAsync(writers, stoppingToken), stoppingToken);
                watch.Ensure();
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: whatever was under way is on record.
        }

        await listening;
    }

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _cluster.SyncAsync(cancellationToken);
            Wake(look: true);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void Wake(bool look)
    {
        if (look)
        {
            Volatile.Write(ref _lookDue, true);
        }

        _wake.Writer.TryWrite(true);
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var within = _unsettledSince != 0 ? _options.HalfWritten : _observer.Sight.Facts is null || !_isReported ? TroubledPause : _options.Resync;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var heard = _wake.Reader.WaitToReadAsync(timeout.Token).AsTask();
        var timer = Task.Delay(within, _time, timeout.Token);
        if (await Task.WhenAny(heard, timer) == timer)
        {
            Volatile.Write(ref _lookDue, true);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await timeout.CancelAsync();
        _wake.Reader.TryRead(out _);
    }

    private async Task RoundAsync(FileWriters writers, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            if (Interlocked.Exchange(ref _lookDue, false) || _observer.Sight.Process?.Identity.IsAlive() != true)
            {
                await _observer.LookAsync(cancellationToken);
            }

            var desire = Desire();
            var file = DaemonFileOnDisk.Read(_options.DaemonJson);
            if (IsHalfWritten(file.File))
            {
                return;
            }

            var observed = _observer.Observe(desire, file.File);
            var plan = HardeningPlanner.Plan(desire, observed, _time.GetUtcNow());
            var drift = observed.Pending is null && plan.Drifted.Count > 0 && plan.Actions.OfType<HardeningAction.Write>().Any();
            var isDone = !plan.Actions.Any(a => a is not (HardeningAction.Wait or HardeningAction.Refuse or HardeningAction.Own));
            try
            {
                await _configurator.ActAsync(plan, file, _observer.Sight, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full or read-only disk: told where people look, and tried again with the next round.
                Log.RoundFailed(_logger, e, e.Message);
                await ReportAsync(desire, file, HardeningPlan.Refused($"daemon.json cannot be written: {e.Message}"), cancellationToken);
                return;
            }

            if (drift)
            {
                Drifted(plan, file, writers);
            }

            Tell();
            if (isDone || round == MostRounds - 1)
            {
                Settle(plan, file.File);
                await ReportAsync(desire, file, plan, cancellationToken);
                return;
            }

            Volatile.Write(ref _lookDue, true);
        }
    }

    /// <summary>An editor empties a file before it fills it, or renames it away: what is broken for a blink is not broken.</summary>
    private bool IsHalfWritten(DaemonFile file)
    {
        if (file is not (DaemonFile.Broken or DaemonFile.Missing) || _folder.LastGood is null)
        {
            _unsettledSince = 0;
            return false;
        }

        if (_unsettledSince == 0)
        {
            _unsettledSince = _time.GetTimestamp();
        }

        if (_time.GetElapsedTime(_unsettledSince) < _options.HalfWritten)
        {
            return true;
        }

        _unsettledSince = 0;
        return false;
    }

    private HardeningDesire Desire()
    {
        if (!_cluster.IsSynced)
        {
            return HardeningDesire.AsAccepted(_folder.State.Owned);
        }

        var desire = HardeningDesire.For(_cluster.Hardenings(), _cluster.NodeLabels()) with { PermittedRestart = _cluster.PermittedRestart() };

        // reconcile-now is also the word to try refused content again: what stood in its way may be gone.
        var requested = _cluster.Requested();
        var state = _folder.State;
        if (requested.Count != state.Requested.Count || requested.Any(r => state.Requested.GetValueOrDefault(r.Key) != r.Value))
        {
            _folder.Save(state with { Requested = requested, Rejected = requested.Any(r => state.Requested.GetValueOrDefault(r.Key) != r.Value) ? null : state.Rejected });
        }

        return desire;
    }

    /// <summary>A file with which the engine runs and nothing is open becomes the last good one.</summary>
    private void Settle(HardeningPlan plan, DaemonFile file)
    {
        if (file is DaemonFile.Json json && _observer.Sight.Facts is not null && plan.PendingRestart.Count == 0)
        {
            _folder.SaveLastGood(json.Content);
            var state = _folder.State;
            _folder.Save(state with { GoodOwned = state.Owned, Pending = null });
        }
    }

    private void Drifted(HardeningPlan plan, DaemonFileState file, FileWriters writers)
    {
        var now = _time.GetUtcNow();
        var keys = string.Join(", ", plan.Drifted);
        var by = writers.WriterOf(file.Inode) ?? (file.ModifiedAt is { } at
            ? $"by unknown (the file's owner is uid {file.OwnerUid}, changed at {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ})"
            : "by unknown (the file was gone)");
        var state = _folder.State;
        _folder.Save(state with { DriftReverted = state.DriftReverted + 1, DriftTime = now, DriftBy = by, DriftKeys = keys });
        Log.Drift(_logger, keys, by);
        foreach (var hardening in plan.Drifted.Select(k => state.Owned.GetValueOrDefault(k)?.Hardening).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            _cluster.Tell(hardening, true, HardeningReasons.DriftReverted, $"{_options.NodeName}: daemon.json changed {by}; put back: {keys}");
        }
    }

    private void Tell()
    {
        foreach (var (warning, reason, message) in _configurator.Told)
        {
            foreach (var hardening in _cluster.Selecting())
            {
                _cluster.Tell(hardening.Metadata.Name!, warning, reason, $"{_options.NodeName}: {message}");
            }
        }

        _configurator.Told.Clear();
    }

    private async Task ReportAsync(HardeningDesire desire, DaemonFileState file, HardeningPlan plan, CancellationToken cancellationToken)
    {
        if (!_cluster.IsSynced)
        {
            return;
        }

        var sight = _observer.Sight;
        var findings = new NodeFindings
        {
            Hardenings = _cluster.Selecting(),
            Desire = desire,
            Observed = _observer.Observe(desire, file.File),
            Plan = plan,
            Readings = sight.Answers is { } answers
                ? [.. plan.Target.Where(k => !plan.PendingRestart.Contains(k.Key)).Select(k => EngineReadBack.Read(k.Key, k.Value.Value, answers))]
                : [],
        };
        _isReported = await _cluster.ReportAsync(NodeReports.Status(findings, _options, sight, file, _folder.State), cancellationToken);
    }

    private async Task SafelyAsync(Func<Task> round, CancellationToken cancellationToken)
    {
        try
        {
            await round();
        }
#pragma warning disable CA1031 // one failed round must not end the agent: the next one starts from the present state
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.RoundFailed(_logger, e, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Warning, "daemon.json changed {By}; put back: {Keys}")]
        public static partial void Drift(ILogger logger, string keys, string by);

        [LoggerMessage(5002, LogLevel.Error, "A round failed and is tried again: {Problem}")]
        public static partial void RoundFailed(ILogger logger, Exception exception, string problem);
    }
}

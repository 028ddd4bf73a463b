using Microsoft.Extensions.Logging;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>
/// Carries out a plan on this machine. What is about to happen is recorded first, so that a kill at any point leaves a state from
/// which the next plan goes on:
/// <code>
/// record (owned, pending) ─▶ validate ─▶ replace the file ─▶ SIGHUP or restart ─▶ hear it ─▶ record (memory, nothing pending)
///                                │ no                            │ dies, stays silent
///                                ▼                               ▼
///                             record refused content ◀─ last good file, start
/// </code>
/// </summary>
internal sealed partial class EngineConfigurator(
    AgentOptions options, EngineHandle engine, AgentStateFolder folder, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(50);

    // An engine too busy to open its events: what it took over is then read back alone.
    private static readonly TimeSpan Unheard = TimeSpan.FromSeconds(1);
    private static readonly EngineVersion Validates = new(23, 0, 0);
    private readonly EngineStart _start = new(options, engine, time);

    /// <summary>Events for the NodeHardenings concerned, since the last call.</summary>
    public List<(bool Warning, string Reason, string Message)> Told { get; } = [];

    /// <summary>Does the plan's actions in order; false when the rest no longer holds and a new plan is due.</summary>
    public async Task<bool> ActAsync(HardeningPlan plan, DaemonFileState file, EngineSight sight, CancellationToken cancellationToken)
    {
        foreach (var action in plan.Actions)
        {
            var goOn = action switch
            {
                HardeningAction.KeepBroken broken => KeepBroken(broken),
                HardeningAction.Write write => await WriteAsync(write, plan, file, sight, cancellationToken),
                HardeningAction.Own own => Own(own),
                HardeningAction.Reload => await ReloadAsync(plan, sight, cancellationToken),
                HardeningAction.Restart restart => await RestartAsync(restart, cancellationToken),
                HardeningAction.RollBack back => await RollBackAsync(back.Error, cancellationToken),
                _ => true,
            };
            if (action is HardeningAction.Write or HardeningAction.Reload or HardeningAction.Restart or HardeningAction.RollBack)
            {
                Log.Did(logger, action.Describe());
            }

            if (!goOn)
            {
                return false;
            }
        }

        return true;
    }

    private bool KeepBroken(HardeningAction.KeepBroken broken)
    {
        var copy = folder.KeepCopy("broken", DaemonFileOnDisk.Read(options.DaemonJson).Bytes, time.GetUtcNow());
        Told.Add((true, HardeningReasons.FileProblem, $"daemon.json {broken.Problem}; the last good one is back, a copy is kept in {copy}"));
        return true;
    }

    private async Task<bool> WriteAsync(
        HardeningAction.Write write, HardeningPlan plan, DaemonFileState file, EngineSight sight, CancellationToken cancellationToken)
    {
        var state = folder.State;

        // A hand edit taken back is the state already on record: nothing to note, and every millisecond counts.
        if (write.Removed.Count == 0 && write.Set.All(plan.Drifted.Contains) && SameKeys(state.Owned, write.Owned))
        {
            return DaemonFileOnDisk.Replace(options.DaemonJson, write.Content.ToBytes(), file);
        }

        var owned = state.Owned.Concat(write.Owned).GroupBy(p => p.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
        folder.Save(state with { Owned = owned, Pending = new PendingChange(write.Sha256, time.GetUtcNow()) });
        if (await ValidateAsync(write, sight, cancellationToken) is { } error)
        {
            Told.Add((true, HardeningReasons.Refused, $"dockerd --validate refuses daemon.json: {error}"));
            folder.Save(state with { Rejected = new RejectedContent(write.Sha256, error) });
            return false;
        }

        if (!DaemonFileOnDisk.Replace(options.DaemonJson, write.Content.ToBytes(), file))
        {
            folder.Save(state);
            return false;
        }

        folder.Save(folder.State with { Owned = write.Owned, LastAction = write.Describe(), LastActionTime = time.GetUtcNow() });
        return true;
    }

    private bool Own(HardeningAction.Own own)
    {
        folder.Save(folder.State with { Owned = own.Owned });
        return true;
    }

    private async Task<bool> ReloadAsync(HardeningPlan plan, EngineSight sight, CancellationToken cancellationToken)
    {
        var isHeard = await engine.Reloads.IsListeningSoonAsync(cancellationToken);
        var heard = engine.Reloads.NextAsync();
        if (sight.Process?.Reload() != true)
        {
            return false;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(isHeard ? options.ReloadBound : Unheard);
        try
        {
            while (!heard.IsCompleted)
            {
                await Task.WhenAny(heard, Task.Delay(PollPause, time, limit.Token));
                limit.Token.ThrowIfCancellationRequested();
                if (!sight.Process.Identity.IsAlive())
                {
                    // An authorization plugin that cannot be reached ends the engine at the reload (moby's reload callback).
                    return await FellOverAsync("the engine ended at the reload", cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (isHeard)
            {
                return await FellOverAsync("the engine did not take the file over", cancellationToken);
            }
        }

        if (DaemonFileOnDisk.Read(options.DaemonJson).File is DaemonFile.Json json)
        {
            var state = folder.State;
            folder.Save(state with
            {
                InForce = EngineMemory.AfterReload(state.InForce, json.Content),
                LastReload = heard.IsCompletedSuccessfully ? (await heard).At : state.LastReload,
                Pending = plan.PendingRestart.Count == 0 ? null : state.Pending,
            });
        }

        return true;
    }

    private async Task<bool> RestartAsync(HardeningAction.Restart restart, CancellationToken cancellationToken)
    {
        var state = folder.State;
        var bytes = DaemonFileOnDisk.Read(options.DaemonJson).Bytes;
        folder.Save(state with { Pending = new PendingChange(HardeningAction.Hash(bytes), time.GetUtcNow()), LastAction = restart.Describe(), LastActionTime = time.GetUtcNow() });
        var before = RunningEngine.Find(options.PidFile, time)?.Identity;
        if (await _start.ComesUpAsync(engine.Process.RestartAsync, before, cancellationToken) is { } error)
        {
            return await FellOverAsync(error, cancellationToken);
        }

        Started();
        Told.Add((false, "Restarted", $"restarted the engine for {string.Join(", ", restart.Keys)}"));
        return true;
    }

    private async Task<bool> FellOverAsync(string error, CancellationToken cancellationToken)
    {
        var words = await engine.Process.LastErrorAsync(cancellationToken);
        await RollBackAsync(words is null ? error : words, cancellationToken);
        return false;
    }

    /// <summary>
    /// Our keys as they last were good beside what others have written since, and an engine that runs with it; should it not, the whole of the
    /// last good file. What is refused is recorded first: a kill in here leads back to here.
    /// </summary>
    private async Task<bool> RollBackAsync(string error, CancellationToken cancellationToken)
    {
        var state = folder.State;
        var refused = DaemonFileOnDisk.Read(options.DaemonJson);
        if (folder.LastGood is not { } good || refused.File is DaemonFile.Untouchable)
        {
            return false;
        }

        var kept = RollBackContent.Of(refused.File, good, [.. state.Owned.Keys.Union(state.GoodOwned.Keys, StringComparer.Ordinal)]);
        var isBack = refused.File is DaemonFile.Json json && json.Content.Means(kept);
        var rejected = isBack ? state.Rejected : new RejectedContent(HardeningAction.Hash(refused.Bytes), error);
        folder.Save(state with { Rejected = rejected, LastAction = $"rolled daemon.json back: {error}", LastActionTime = time.GetUtcNow() });
        if (!isBack && !PutBack(refused, kept, error))
        {
            return false;
        }

        // Not before: until it is done, what is to be taken out of the file must be known as ours.
        folder.Save(folder.State with { Owned = state.GoodOwned });
        var running = RunningEngine.Find(options.PidFile, time);
        if (running is not null && await _start.AnswersAsync(cancellationToken))
        {
            // It refused the reload but runs: what it has in memory is the previous file, or a mixture that this reload mends.
            running.Reload();
            folder.Save(folder.State with { Pending = null });
            return false;
        }

        var trouble = await _start.ComesUpAsync(engine.Process.StartAsync, null, cancellationToken);
        if (trouble is not null && !kept.Means(good))
        {
            PutBack(DaemonFileOnDisk.Read(options.DaemonJson), good, trouble);
            trouble = await _start.ComesUpAsync(engine.Process.StartAsync, null, cancellationToken);
        }

        if (trouble is null)
        {
            Started();
        }

        return false;
    }

    /// <summary>What it has in its memory is found out at the next look: the file may have changed again since the engine read it.</summary>
    private void Started() => folder.Save(folder.State with { Pending = null });

    /// <summary>False when somebody else was faster.</summary>
    private bool PutBack(DaemonFileState refused, DaemonJson content, string error)
    {
        folder.KeepCopy("refused", refused.Bytes, time.GetUtcNow());
        if (!DaemonFileOnDisk.Replace(options.DaemonJson, content.ToBytes(), refused))
        {
            return false;
        }

        Told.Add((true, HardeningReasons.RolledBack, $"the engine did not run with the new daemon.json and has the previous one again: {error}"));
        return true;
    }

    /// <summary>What the node's own dockerd says against the file, with the flags it runs with; null when nothing, or when it is too old to be asked.</summary>
    private async Task<string?> ValidateAsync(HardeningAction.Write write, EngineSight sight, CancellationToken cancellationToken)
    {
        if (sight.Facts is not { } facts || facts.Version < Validates || sight.Process is not { } process)
        {
            return null;
        }

        var candidate = folder.CandidatePath;
        DaemonFileOnDisk.Replace(candidate, write.Content.ToBytes());
        var flags = process.CommandLine.Skip(1).Where(a => !a.StartsWith("--config-file=", StringComparison.Ordinal)).ToList();
        if (flags.IndexOf("--config-file") is var at and >= 0)
        {
            flags.RemoveRange(at, Math.Min(2, flags.Count - at));
        }

        var (exitCode, output) = await HostCommand.RunAsync(
            options.Dockerd ?? process.Executable, [.. flags, "--validate", $"--config-file={candidate}"], TimeSpan.FromSeconds(20), cancellationToken);
        File.Delete(candidate);
        return exitCode == 0 ? null : output.Replace(candidate, options.DaemonJson, StringComparison.Ordinal).Trim();
    }

    private static bool SameKeys(IReadOnlyDictionary<string, OwnedKey> left, IReadOnlyDictionary<string, OwnedKey> right) =>
        left.Count == right.Count && left.All(p => right.TryGetValue(p.Key, out var other) && System.Text.Json.Nodes.JsonNode.DeepEquals(other.Value, p.Value.Value));

    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Information, "{Action}")]
        public static partial void Did(ILogger logger, string action);
    }
}

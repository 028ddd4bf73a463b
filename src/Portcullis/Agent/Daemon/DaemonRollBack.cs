using System.Globalization;
using Portcullis.Actions;
using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>
/// Restores our keys as they were when the engine last ran with them, with all other keys as they are now, and starts the engine; if it does
/// not run with that either, the whole last good file. What is rejected is recorded first: after a kill the roll-back is repeated.
/// </summary>
internal sealed class DaemonRollBack(AgentOptions options, EngineConnection engine, DaemonStore store, EngineStart start, TimeProvider time)
{
    public static ActionFailedException FileChanged() =>
        new(HardeningReasons.FileChanged, "daemon.json was changed by another process at the same time");

    /// <summary>True when the file was replaced; false when it was restored before, or there is nothing to restore.</summary>
    /// <exception cref="ActionFailedException">Somebody else changed the file at the same time.</exception>
    public async Task<bool> RunAsync(string error, CancellationToken cancellationToken)
    {
        var state = store.State;
        var present = DaemonFileOnDisk.Read(options.DaemonJson);
        if (store.LastGood is not { } good || present.File is DaemonFile.Untouchable)
        {
            return false;
        }

        var content = RollBackContent.Of(present.File, good, [.. state.Keys.Owned.Keys.Union(state.Keys.Good.Keys, StringComparer.Ordinal)]);
        var isRestored = present.File is DaemonFile.Json json && json.Content.Means(content);
        var rejected = isRestored ? state.Change.Rejected : new RejectedContent(ConfigureStep.Hash(present.Bytes), error);
        store.Save(state with { Change = state.Change.Did($"rolled back daemon.json: {error}", time.GetUtcNow()) with { Rejected = rejected } });
        if (!isRestored)
        {
            Restore(present, content);
        }

        // Not before: until the file is restored, the keys to remove from it must be known as ours.
        store.Save(store.State with { Keys = store.State.Keys with { Owned = state.Keys.Good } });
        await EnsureRunningAsync(content, good, cancellationToken);
        return !isRestored;
    }

    private async Task EnsureRunningAsync(DaemonJson content, DaemonJson good, CancellationToken cancellationToken)
    {
        if (RunningEngine.Find(options.PidFile, time) is { } running && await start.AnswersAsync(cancellationToken))
        {
            // It rejected the reload but runs: with the previous configuration, or with a mixture that this reload corrects.
            running.Reload();
            Completed();
            return;
        }

        var error = await start.RunAsync(engine.Process.StartAsync, null, cancellationToken);
        if (error is not null && !content.Means(good))
        {
            Restore(DaemonFileOnDisk.Read(options.DaemonJson), good);
            error = await start.RunAsync(engine.Process.StartAsync, null, cancellationToken);
        }

        if (error is null)
        {
            Completed();
        }
    }

    private void Completed() => store.Save(store.State with { Change = store.State.Change with { Pending = null } });

    private void Restore(DaemonFileState present, DaemonJson content)
    {
        store.Folder.KeepCopy(string.Create(CultureInfo.InvariantCulture, $"daemon.json.refused-{time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"), present.Bytes);
        if (!DaemonFileOnDisk.Replace(options.DaemonJson, content.ToBytes(), present))
        {
            throw FileChanged();
        }
    }
}

using Portcullis.Actions;
using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>Makes the engine apply daemon.json: by SIGHUP, confirmed by its event, or by a restart.</summary>
internal sealed class EngineApplication(
    AgentOptions options, EngineConnection engine, DaemonStore store, LoadedConfigurationTracker loaded, EngineStart start, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // An engine too busy to open its events: what it applied is only read back then.
    private static readonly TimeSpan Unconfirmed = TimeSpan.FromSeconds(1);

    /// <summary>Null once the engine has read the file; else why it did not.</summary>
    /// <param name="snapshot">The engine as observed.</param>
    /// <param name="isRestartLeft">Some keys still wait for a restart, so that the change stays pending.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async Task<string?> ReloadAsync(EngineSnapshot snapshot, bool isRestartLeft, CancellationToken cancellationToken)
    {
        var isListening = await engine.Reloads.WaitUntilListeningAsync(cancellationToken);
        var reload = engine.Reloads.NextAsync();
        if (snapshot.Process is not { } process || !process.Reload())
        {
            throw new ActionFailedException(HardeningReasons.EngineUnreachable, "the engine is not running");
        }

        if (await WaitAsync(process, reload, isListening, cancellationToken) is { } error)
        {
            return error;
        }

        if (DaemonFileOnDisk.Read(options.DaemonJson).File is DaemonFile.Json json)
        {
            var state = store.State;
            store.Save(state with
            {
                Engine = loaded.Reloaded(json.Content, reload.IsCompletedSuccessfully ? await reload : null),
                Change = isRestartLeft ? state.Change : state.Change with { Pending = null },
            });
        }

        return null;
    }

    /// <summary>Null once another engine process answers; else why none does. What it has loaded is observed later: the file may change again.</summary>
    public async Task<string?> RestartAsync(ConfigureStep.Restart restart, CancellationToken cancellationToken)
    {
        var state = store.State;
        var now = time.GetUtcNow();
        var pending = new PendingChange(ConfigureStep.Hash(DaemonFileOnDisk.Read(options.DaemonJson).Bytes), now);
        store.Save(state with { Change = state.Change.Did(restart.Describe(), now) with { Pending = pending } });
        var before = RunningEngine.Find(options.PidFile, time)?.Identity;
        var error = await start.RunAsync(engine.Process.RestartAsync, before, cancellationToken);
        if (error is null)
        {
            store.Save(store.State with { Change = store.State.Change with { Pending = null } });
        }

        return error;
    }

    private async Task<string?> WaitAsync(RunningEngine process, Task<EngineReload> reload, bool isListening, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(isListening ? options.ReloadBound : Unconfirmed);
        try
        {
            while (!reload.IsCompleted)
            {
                await Task.WhenAny(reload, Task.Delay(PollInterval, time, limit.Token));
                limit.Token.ThrowIfCancellationRequested();
                if (!process.Identity.IsAlive())
                {
                    // An authorization plugin that cannot be reached ends the engine at the reload (moby's reload callback).
                    return "the engine exited at the reload";
                }
            }

            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return isListening ? $"the engine did not confirm the reload within {options.ReloadBound.TotalSeconds:0} s" : null;
        }
    }
}

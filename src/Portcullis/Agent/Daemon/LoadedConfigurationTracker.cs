using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;
using Portcullis.Processes;

namespace Portcullis.Agent.Daemon;

/// <summary>Follows which configuration the engine process has loaded, over its starts and reloads.</summary>
internal sealed class LoadedConfigurationTracker(AgentOptions options, DaemonStore store)
{
    // The time of a file and of a process start are of two clocks.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes in an engine that answers, and its last reload.</summary>
    public void Observe(RunningEngine process, EngineSettings settings, EngineReload? reload)
    {
        var file = DaemonFileOnDisk.Read(options.DaemonJson);
        Started(process, settings, file);
        if (reload is not null && reload.At > store.State.Engine.LastReload && file.File is DaemonFile.Json json)
        {
            ReloadedByOthers(reload, settings, json.Content, file.ModifiedAt);
        }
    }

    /// <summary>The agent made the engine read its file. Without <paramref name="reload"/> the engine did not confirm it.</summary>
    public LoadedByEngine Reloaded(DaemonJson content, EngineReload? reload)
    {
        var engine = store.State.Engine;
        return engine with { InForce = LoadedConfiguration.AfterReload(engine.InForce, content), LastReload = reload?.At ?? engine.LastReload };
    }

    /// <summary>A new engine process has read the file as it was at its start.</summary>
    private void Started(RunningEngine process, EngineSettings settings, DaemonFileState file)
    {
        var engine = store.State.Engine;
        if (process.Identity == new ProcessIdentity(engine.Pid, engine.StartTicks))
        {
            return;
        }

        var content = file.File is DaemonFile.Json json ? json.Content : DaemonJson.Empty;
        var isUnchanged = file.ModifiedAt is not { } modified || modified <= process.StartedAt + ClockSlack;
        Save(engine with
        {
            Pid = process.Identity.Pid,
            StartTicks = process.Identity.StartTicks,
            InForce = isUnchanged ? LoadedConfiguration.AfterStart(content) : LoadedConfiguration.Unknown(content, settings),
        });
    }

    /// <summary>The file may have been edited, read by the engine, and the edit undone.</summary>
    private void ReloadedByOthers(EngineReload reload, EngineSettings settings, DaemonJson content, DateTimeOffset? modifiedAt)
    {
        var engine = store.State.Engine;
        var at = DateTimeOffset.UnixEpoch.AddTicks(reload.At / TimeSpan.NanosecondsPerTick);
        Save(engine with
        {
            LastReload = reload.At,
            InForce = modifiedAt < at - ClockSlack
                ? LoadedConfiguration.AfterReload(engine.InForce, content)
                : LoadedConfiguration.AfterForeignReload(engine.InForce, content, settings),
        });
    }

    private void Save(LoadedByEngine engine) => store.Save(store.State with { Engine = engine });
}

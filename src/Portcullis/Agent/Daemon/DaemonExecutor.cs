using Portcullis.Actions;
using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>
/// Carries out one plan on this machine. What is about to happen is recorded first, so that after a kill at any point the next plan continues:
/// <code>
/// record (owned, pending) ─▶ validate ─▶ replace the file ─▶ SIGHUP or restart ─▶ confirmed ─▶ record (loaded, nothing pending)
///                                │ rejected                      │ exits, does not confirm
///                                ▼                               ▼
///                             record rejected content ◀─ last good file, start
/// </code>
/// </summary>
internal sealed class DaemonExecutor(DaemonSteps steps, DaemonFileState file, EngineSnapshot engine) : IActionExecutor<HardeningAction>
{
    public Task<Attribution?> AttributeAsync(HardeningAction action, CancellationToken cancellationToken) =>
        Task.FromResult(action is HardeningAction.Configure { Reverts.Count: > 0 } ? Writer() : null);

    public async Task ExecuteAsync(HardeningAction action, CancellationToken cancellationToken)
    {
        try
        {
            switch (action)
            {
                case HardeningAction.Configure configure:
                    await ConfigureAsync(configure, cancellationToken);
                    break;
                case HardeningAction.RollBack rollBack:
                    await steps.RollBack.RunAsync(rollBack.Error, cancellationToken);
                    break;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ActionFailedException(HardeningReasons.FileProblem, $"daemon.json cannot be written: {e.Message}", e);
        }
    }

    private async Task ConfigureAsync(HardeningAction.Configure action, CancellationToken cancellationToken)
    {
        foreach (var step in action.Steps)
        {
            if (await StepAsync(step, action, cancellationToken) is { } error)
            {
                throw await NotAppliedAsync(error, cancellationToken);
            }
        }
    }

    /// <summary>Null, or why the engine does not run with the file.</summary>
    private async Task<string?> StepAsync(ConfigureStep step, HardeningAction.Configure action, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case ConfigureStep.KeepBroken broken:
                steps.Files.KeepCopy(broken.CopyName);
                return null;
            case ConfigureStep.Write write:
                await steps.Files.WriteAsync(write, file, engine, cancellationToken);
                return null;
            case ConfigureStep.Own own:
                steps.Files.Own(own.Owned);
                return null;
            case ConfigureStep.Reload:
                return await steps.Apply.ReloadAsync(engine, action.LeftForRestart.Count > 0, cancellationToken);
            case ConfigureStep.Restart restart:
                return await steps.Apply.RestartAsync(restart, cancellationToken);
            default:
                throw new InvalidOperationException(step.GetType().Name);
        }
    }

    private async Task<ActionFailedException> NotAppliedAsync(string error, CancellationToken cancellationToken)
    {
        var reason = await steps.Engine.Process.LastErrorAsync(cancellationToken) ?? error;
        var isRestored = await steps.RollBack.RunAsync(reason, cancellationToken);
        return new ActionFailedException(isRestored ? HardeningEvents.RolledBack(reason) : new Problem(HardeningReasons.EngineUnreachable, "", reason));
    }

    private Attribution Writer() => steps.Writers?.WriterOf(file.Inode) is { } writer
        ? new Attribution.FileWriter(writer)
        : new Attribution.Unknown
        {
            Details = file.ModifiedAt is { } at ? $"the owner of the file is uid {file.OwnerUid}, and it was modified at {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "the file was missing",
        };
}

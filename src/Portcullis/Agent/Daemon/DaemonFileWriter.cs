using Portcullis.Actions;
using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>Writes daemon.json and records which of its keys are ours.</summary>
internal sealed class DaemonFileWriter(AgentOptions options, DaemonStore store, TimeProvider time)
{
    private readonly DaemonValidation _validation = new(options, store);

    public void KeepCopy(string name) => store.Folder.KeepCopy(name, DaemonFileOnDisk.Read(options.DaemonJson).Bytes);

    public void Own(IReadOnlyDictionary<string, OwnedKey> owned) => store.Save(store.State with { Keys = store.State.Keys with { Owned = owned } });

    /// <exception cref="ActionFailedException">The engine's own validation rejects it, or somebody else changed the file.</exception>
    public async Task WriteAsync(ConfigureStep.Write write, DaemonFileState seen, EngineSnapshot engine, CancellationToken cancellationToken)
    {
        if (write.IsRecorded)
        {
            Replace(write, seen);
            return;
        }

        var before = store.State;
        var owned = new Dictionary<string, OwnedKey>(before.Keys.Owned.Concat(write.Owned.Where(p => !before.Keys.Owned.ContainsKey(p.Key))), StringComparer.Ordinal);
        foreach (var (key, value) in write.Owned)
        {
            owned[key] = value;
        }

        store.Save(before with
        {
            Keys = before.Keys with { Owned = owned },
            Change = before.Change with { Pending = new PendingChange(write.Sha256, time.GetUtcNow()) },
        });
        await ValidateAsync(write, engine, cancellationToken);
        try
        {
            Replace(write, seen);
        }
        catch (ActionFailedException)
        {
            store.Save(before);
            throw;
        }

        var state = store.State;
        store.Save(state with { Keys = state.Keys with { Owned = write.Owned }, Change = state.Change.Did(write.Describe(), time.GetUtcNow()) });
    }

    private async Task ValidateAsync(ConfigureStep.Write write, EngineSnapshot engine, CancellationToken cancellationToken)
    {
        if (await _validation.ErrorOfAsync(write.Content, engine, cancellationToken) is { } error)
        {
            store.Save(store.State with { Change = store.State.Change with { Rejected = new RejectedContent(write.Sha256, error) } });
            throw new ActionFailedException(HardeningReasons.Refused, $"dockerd --validate rejects daemon.json: {error}");
        }
    }

    private void Replace(ConfigureStep.Write write, DaemonFileState seen)
    {
        if (!DaemonFileOnDisk.Replace(options.DaemonJson, write.Content.ToBytes(), seen))
        {
            throw DaemonRollBack.FileChanged();
        }
    }
}

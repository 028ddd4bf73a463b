using Portcullis.Core.Sources;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>
/// Keeps a revision out that would delete more than its budget until it is approved. The objects that leave are read only where their number
/// alone does not say that they are few enough.
/// </summary>
internal sealed class PruneGate(SourceInventories inventories, InventoryWatch watch, SourceGatherer gatherer) : IRevisionGate
{
    public async Task<FetchResult.Rejected?> RefuseAsync(GitSource source, SourceState state, SourceRevision revision, CancellationToken cancellationToken)
    {
        watch.Start();
        await inventories.LoadAsync(source.Key.Name, state.Inventory, cancellationToken);
        var inventory = state.Inventory.Entries.ToList();
        var leaving = inventory.Where(e => !revision.ByIdentity.ContainsKey(e.Identity)).ToList();
        if (PrunePlanner.IsSurelyWithin(PruneBudget.From(source.Spec.Prune), leaving.Count, inventory.Count, revision.Objects.Count))
        {
            return null;
        }

        var live = await gatherer.LeavingAsync(leaving, cancellationToken);
        foreach (var gone in leaving.Select(e => e.Identity).Where(i => !live.ContainsKey(i) && state.InForce?.ByIdentity.ContainsKey(i) != false))
        {
            // What the revision in force would bring back counts all the same: deleting by hand makes no prune smaller.
            live[gone] = new LiveObject { Uid = "", Source = source.Key.Name };
        }

        return PrunePlanner.Refusal(gatherer.ObservationOf(source, revision, inventory, live), revision.Revision, revision.Target.Commit);
    }
}

using Portcullis.Core.Sources;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>
/// What to do for a source now. An unchanged repository is looked at again and again: as long as nothing has changed since nothing was left to do, the
/// thousands of its objects are not compared again.
/// </summary>
internal sealed class SourcePlans(SourceGatherer gatherer, LiveObjects live, SourceConfirmations confirmations)
{
    /// <param name="source">The source.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="asked">Somebody asked for it: everything is compared.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ApplyPlan> PlanAsync(GitSource source, SourceState state, bool asked, CancellationToken cancellationToken)
    {
        var revision = state.InForce!;
        if (!asked && state.Settled is { } settled)
        {
            await live.FollowAsync(revision.Resources, cancellationToken);
            if (settled.Basis == BasisOf(state))
            {
                return settled.Plan;
            }
        }

        var basis = BasisOf(state); // before the objects are looked at: what changes meanwhile counts as unseen
        var seen = await gatherer.ObserveAsync(source, state, cancellationToken);
        confirmations.Begin(seen, revision);
        var plan = ApplyPlanner.Plan(seen);
        state.Settled = IsSettled(seen, plan, revision) ? new SettledPlan(basis, plan) : null;
        return plan;
    }

    private PlanBasis BasisOf(SourceState state) => new(state.InForce!, state.Inventory.Shards, live.Changes);

    /// <summary>Nothing is to be done, nothing waits for something that no watch shows, and nothing is left to say.</summary>
    private static bool IsSettled(ApplyObservation seen, ApplyPlan plan, SourceRevision revision) =>
        plan is { Actions: [], Drift: [], Pending: [], PruneBlocked: [] }
        && seen.Unwritable.Count == 0
        && seen.Inventory.All(e => revision.ByIdentity.ContainsKey(e.Identity));
}

/// <summary>All that a plan with nothing to do depends on; equal when they are the same ones.</summary>
internal readonly record struct PlanBasis(SourceRevision Revision, IReadOnlyList<InventoryShard>? Shards, long Changes)
{
    public bool Equals(PlanBasis other) => ReferenceEquals(Revision, other.Revision) && ReferenceEquals(Shards, other.Shards) && Changes == other.Changes;

    public override int GetHashCode() => Changes.GetHashCode();
}

/// <summary>A plan with nothing to do, and what it was made from.</summary>
internal sealed record SettledPlan(PlanBasis Basis, ApplyPlan Plan);

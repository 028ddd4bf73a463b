using Portcullis.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;

namespace Portcullis.Grants;

/// <summary>Reports what happened to bindings on the grants that they stand for.</summary>
internal sealed class BindingReporter(AccessState access, AccessStores stores, EventRecorder events, ReconcileTrigger<Grant> grants)
{
    /// <summary>A binding may stand for hundreds of grants; an Event on a few of them is enough.</summary>
    private const int GrantsWithEvent = 3;

    /// <summary>What the loop did to a namespace. When it failed, every grant that reaches the namespace is reconciled, and says so.</summary>
    public void Report(string @namespace, IReadOnlyList<ActionResult> results, bool hasFailed)
    {
        foreach (var result in results)
        {
            if (GrantJudge.RevertOf(result) is { } reverted)
            {
                Record(@namespace, result.Action, reverted);
            }
        }

        if (hasFailed)
        {
            foreach (var grant in access.Current.GrantsReaching(access.Current.Tree.OfNamespace(@namespace)))
            {
                grants.Enqueue(grant.Key);
            }
        }
    }

    /// <summary>The ClusterRole of a role turned out to be another's, or is ours again: the grants that name the role say so.</summary>
    public void AskHolders(string clusterRole)
    {
        foreach (var grant in stores.Grants.List().Where(g => BindingPlanner.IsOf(g.Spec.Role.ToLowerInvariant(), clusterRole)))
        {
            grants.Enqueue(grant.Key);
        }
    }

    private void Record(string @namespace, PlannedAction action, ReportedEvent reverted)
    {
        var about = action.OnBehalfOf.Select(stores.Grants.Get).OfType<Grant>().Take(GrantsWithEvent).ToList();
        foreach (var grant in about)
        {
            events.Record(Grant.Definition, grant.Metadata, reverted);
        }

        if (about.Count == 0 && access.Current.Tree.OfNamespace(@namespace) is { } collection)
        {
            events.Record(Collection.Definition, collection.Collection.Metadata, reverted);
        }
    }
}

using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Core.Collections;
using Portcullis.Drift;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Collections;

/// <summary>Keeps a collection's labels and guardrails on its members.</summary>
internal sealed class CollectionReconciler(
    AccessState access, CollectionGatherer gatherer, ActionRunner runner, CollectionExecutor executor, DriftLedger ledger, NetworkPolicySupport network)
    : IReconciler<Collection, CollectionStatus>, IFinalizer<Collection>
{
    public async Task<Reconciled<CollectionStatus>> ReconcileAsync(Collection resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var model = access.AsOf(context.Since);
        if (!model.IsTreeSettled)
        {
            return new Reconciled<CollectionStatus>(CollectionJudge.Unsettled, resource.Status ?? new CollectionStatus());
        }

        var (name, tree) = (resource.Key.Name, model.Tree);
        var node = tree.ByName(name);
        var results = await RunAsync(CollectionPlanner.Plan(name, node, tree, gatherer.Observe(resource, node)), cancellationToken);
        var enforcement = node?.Guardrails.Network is null ? null : await network.AskAsync(cancellationToken);
        return CollectionJudge.Judge(new CollectionReadBack(name, tree, enforcement) { ForeignAccess = gatherer.ForeignAccess(node) }, results);
    }

    /// <summary>Namespaces stay, with everything in them: only our labels and guardrails are removed.</summary>
    public async Task<Outcome?> FinalizeAsync(Collection resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var model = access.AsOf(context.Since);
        var (name, tree) = (resource.Key.Name, model.Tree);
        if (!model.IsTreeSettled)
        {
            return CollectionJudge.Unsettled;
        }

        if (CollectionJudge.AwaitedBy(tree.ByName(name)) is { } awaited)
        {
            return awaited;
        }

        var seen = await gatherer.ObserveLeavingAsync(resource, cancellationToken);
        return CollectionJudge.JudgeLeaving(await RunAsync(CollectionPlanner.Plan(name, null, tree, seen), cancellationToken));
    }

    private Task<IReadOnlyList<ActionResult>> RunAsync(CollectionPlan plan, CancellationToken cancellationToken)
    {
        foreach (var kept in plan.InPlace)
        {
            ledger.InPlace(kept.Resource, kept.Key, kept.Body);
        }

        return runner.RunAsync("collections", plan.Actions, executor, cancellationToken);
    }
}

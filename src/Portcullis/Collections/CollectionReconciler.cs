using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Grants;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Collections;

/// <summary>
/// Keeps a collection's labels and guardrails on its members. Even when something is wrong with it, the strictest reading of what it says is
/// in force, and the status says what is wrong.
/// </summary>
internal sealed class CollectionReconciler(AccessState access, CollectionGatherer gatherer, CollectionActor actor, NetworkPolicySupport network)
    : IReconciler<Collection, CollectionStatus>, IFinalizer<Collection>
{
    private const int Shown = 100;

    public async Task<Reconciled<CollectionStatus>> ReconcileAsync(Collection resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var name = resource.Key.Name;
        var tree = access.Current.Tree;
        var node = tree.ByName(name);
        var events = await actor.ActAsync(CollectionPlanner.Plan(name, node, tree, gatherer.Observe(resource, node)), cancellationToken);
        if (node is null)
        {
            var why = tree.WhyOutside(name);
            return new Reconciled<CollectionStatus>(
                new Outcome.Stalled(why?.Reason ?? "Unknown", why is null ? "the collection is not in the tree" : $"{why.Field}: {why.Message}"), new CollectionStatus())
            {
                Events = events,
            };
        }

        var members = node.Namespaces.Concat(node.NamespacesToCreate).Order(StringComparer.Ordinal).ToList();
        var status = new CollectionStatus
        {
            NamespaceCount = members.Count,
            Namespaces = members.Count == 0 ? null : [.. members.Take(Shown)],
            NodeCount = node.Nodes.Count,
            Children = node.Children.Count == 0 ? null : [.. node.Children.Select(c => c.Path).Take(Shown)],
            EffectiveGuardrails = node.Guardrails.ToGuardrails(),
        };
        var enforced = await GuardrailsAsync(node, cancellationToken);
        return new Reconciled<CollectionStatus>(Judge(node, members.Count, enforced), status)
        {
            Events = events,
            Conditions = [enforced],
        };
    }

    public async Task<Outcome.Waiting?> FinalizeAsync(Collection resource, CancellationToken cancellationToken)
    {
        var name = resource.Key.Name;
        var tree = access.Current.Tree;
        if (tree.ByName(name) is { Children: { Count: > 0 } children })
        {
            return new Outcome.Waiting(
                CollectionReasons.HasChildren,
                $"{resource.Spec.Path} still holds {Counted.Of(children.Count, "collection")}, {children[0].Path} among them, and goes last",
                TimeSpan.FromMinutes(1));
        }

        // Namespaces stay, with everything in them: only our labels and guardrails come off.
        await actor.ActAsync(CollectionPlanner.Plan(name, null, tree, await gatherer.ObserveLeavingAsync(resource, cancellationToken)), cancellationToken);
        return null;
    }

    private static Outcome Judge(CollectionNode node, int members, Condition enforced)
    {
        var lasting = node.Problems.Where(p => !p.Waits).ToList();
        if (lasting.Count > 0)
        {
            return new Outcome.Stalled(lasting[0].Reason, Words(lasting));
        }

        var passing = node.Problems.ToList();
        return passing.Count > 0
            ? new Outcome.Waiting(passing[0].Reason, Words(passing), TimeSpan.FromMinutes(1))
            : new Outcome.Ready(Counted.Of(members, "namespace")
                + (node.Nodes.Count == 0 ? "" : $", {Counted.Of(node.Nodes.Count, "node")}")
                + (enforced.Reason == CollectionReasons.NetworkPolicyNotEnforced ? "; networkIsolation is not enforced here" : ""));
    }

    private static string Words(IReadOnlyList<CollectionProblem> problems) => string.Join("; ", problems.Take(5).Select(p => $"{p.Field}: {p.Message}"));

    private async Task<Condition> GuardrailsAsync(CollectionNode node, CancellationToken cancellationToken)
    {
        var guardrails = node.Guardrails;
        if (guardrails.ToGuardrails() is null)
        {
            return Told(ConditionTypes.True, CollectionReasons.NoGuardrails, "no guardrails are asked for");
        }

        if (guardrails.Network is null)
        {
            return Told(ConditionTypes.True, CollectionReasons.Enforced, "the API server enforces all of them at admission");
        }

        var fact = await network.AskAsync(cancellationToken);
        return fact.Enforced switch
        {
            true => Told(ConditionTypes.True, CollectionReasons.Enforced, fact.Message),
            false => Told(ConditionTypes.False, CollectionReasons.NetworkPolicyNotEnforced, fact.Message),
            null => Told(ConditionTypes.Unknown, CollectionReasons.NetworkPolicyEnforcementUnknown, fact.Message),
        };
    }

    private static Condition Told(string status, string reason, string message) =>
        new() { Type = "GuardrailsEnforced", Status = status, Reason = reason, Message = message };
}

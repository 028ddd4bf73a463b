namespace Portcullis.Core.Collections;

/// <summary>What is true of a collection after its plan was run.</summary>
/// <param name="Name">The collection's name.</param>
/// <param name="Tree">All collections.</param>
/// <param name="Network">Whether anything enforces network policies; only asked where a policy is wanted.</param>
public sealed record CollectionReadBack(string Name, CollectionTree Tree, NetworkPolicyFact? Network)
{
    /// <summary>What bindings in its own namespaces give besides Grants, one line each.</summary>
    public IReadOnlyList<string> ForeignAccess { get; init; } = [];
}

/// <summary>Whether NetworkPolicy objects have any effect here; null when nobody can say. With a message.</summary>
public sealed record NetworkPolicyFact(bool? Enforced, string Message);

/// <summary>
/// Judges a collection after its plan was run. Even when something is wrong with it, the strictest reading of what it says is in force, and the
/// status says what is wrong.
/// </summary>
public static class CollectionJudge
{
    /// <summary>The condition for whether the guardrails are enforced.</summary>
    public const string GuardrailsEnforced = "GuardrailsEnforced";

    private const int Shown = 100;
    private const int ForeignShown = 20;

    private static readonly TimeSpan RetryIn = TimeSpan.FromMinutes(1);

    /// <summary>While a collection or a source may be edited and nobody knows what it was, no namespace is taken in, changed or let go.</summary>
    public static Outcome.Waiting Unsettled { get; } = new(
        CollectionReasons.TreeUnknown,
        "waits until it is known what Git declares of all collections and sources: see those whose condition Declared is not True",
        TimeSpan.FromSeconds(2))
    {
        ReportAfter = TimeSpan.FromSeconds(10),
    };

    public static Reconciled<CollectionStatus> Judge(CollectionReadBack seen, IReadOnlyList<ActionResult> results)
    {
        var failed = Outcome.Failed.Among(results);
        if (seen.Tree.ByName(seen.Name) is not { } node)
        {
            var why = seen.Tree.WhyOutside(seen.Name)?.ToProblem() ?? new Problem(CollectionReasons.NotInTree, "", "the collection is not in the tree");
            return new Reconciled<CollectionStatus>(failed ?? (Outcome)Outcome.Stalled.By([why]), new CollectionStatus())
            {
                Events = Reverts(results),
            };
        }

        var enforced = Guardrails(node, seen.Network, results);
        return new Reconciled<CollectionStatus>(failed ?? OutcomeOf(node, enforced), StatusOf(node, seen.ForeignAccess))
        {
            Events = Reverts(results),
            Conditions = [enforced],
        };
    }

    /// <summary>The Event about a namespace that somebody deleted and the collection does not make again; null when it does, and reports it then.</summary>
    public static ReportedEvent? Lost(Collection collection, string @namespace, Attribution by) =>
        by.IsKnown && collection.Spec.Namespaces?.Any(n => n.Name == @namespace && n.Mode != NamespaceMode.Adopt) != true
            ? new ReportedEvent(Warning: true, CollectionReasons.NamespaceMissing, $"Namespace {@namespace} was deleted {by}; it is not created again, because the collection only takes it over")
            : null;

    /// <summary>What keeps a collection that is being deleted; null when it may go.</summary>
    public static Outcome? JudgeLeaving(IReadOnlyList<ActionResult> results) => Outcome.Failed.Among(results);

    /// <summary>A collection goes after those below it; null when there are none.</summary>
    public static Outcome? AwaitedBy(CollectionNode? node) => node is { ChildPaths: { Count: > 0 } children }
        ? new Outcome.Waiting(
            CollectionReasons.HasChildren,
            $"{node.Path} still contains {Pluralize.Of(children.Count, "collection")}, including {children[0]}: delete those first",
            RetryIn)
        : null;

    private static CollectionStatus StatusOf(CollectionNode node, IReadOnlyList<string> foreign)
    {
        var members = Members(node);
        return new CollectionStatus
        {
            NamespaceCount = members.Count,
            Namespaces = members.Count == 0 ? null : [.. members.Take(Shown)],
            NodeCount = node.Nodes.Count,
            Children = node.ChildPaths.Count == 0 ? null : [.. node.ChildPaths.Take(Shown)],
            EffectiveGuardrails = node.Guardrails.ToGuardrails(),
            ForeignBindings = foreign.Count,
            ForeignAccess = foreign.Count == 0 ? null : [.. foreign.Take(ForeignShown)],
        };
    }

    private static List<string> Members(CollectionNode node) => [.. node.Namespaces.Concat(node.NamespacesToCreate).Order(StringComparer.Ordinal)];

    private static Outcome OutcomeOf(CollectionNode node, Condition enforced)
    {
        var lasting = node.Problems.Where(p => !p.Waits).Select(p => p.ToProblem()).ToList();
        if (lasting.Count > 0)
        {
            return Outcome.Stalled.By(lasting);
        }

        var passing = node.Problems.Select(p => p.ToProblem()).ToList();
        return passing.Count > 0
            ? new Outcome.Waiting(passing[0].Reason, Problem.Join(passing), RetryIn)
            : new Outcome.Ready(Pluralize.Of(Members(node).Count, "namespace")
                + (node.Nodes.Count == 0 ? "" : $", {Pluralize.Of(node.Nodes.Count, "node")}")
                + (enforced.Reason == CollectionReasons.NetworkPolicyNotEnforced ? "; networkIsolation is not enforced here" : ""));
    }

    private static Condition Guardrails(CollectionNode node, NetworkPolicyFact? network, IReadOnlyList<ActionResult> results)
    {
        var missing = results.Where(r => r is not ActionResult.Done && r.Action is CollectionAction.ApplyGuardrail or CollectionAction.LabelNamespace).ToList();
        if (missing.Count > 0)
        {
            return Condition(ConditionTypes.False, CollectionReasons.NotAllInPlace, $"not in place: {string.Join(", ", missing.Take(5).Select(m => m.Action.Id))}");
        }

        if (node.Guardrails.ToGuardrails() is null)
        {
            return Condition(ConditionTypes.True, CollectionReasons.NoGuardrails, "no guardrails are declared");
        }

        return network switch
        {
            null => Condition(ConditionTypes.True, CollectionReasons.Enforced, "the API server enforces all of them at admission"),
            { Enforced: true } => Condition(ConditionTypes.True, CollectionReasons.Enforced, network.Message),
            { Enforced: false } => Condition(ConditionTypes.False, CollectionReasons.NetworkPolicyNotEnforced, network.Message),
            _ => Condition(ConditionTypes.Unknown, CollectionReasons.NetworkPolicyEnforcementUnknown, network.Message),
        };
    }

    private static Condition Condition(string status, string reason, string message) =>
        new() { Type = GuardrailsEnforced, Status = status, Reason = reason, Message = message };

    private static IReadOnlyList<ReportedEvent> Reverts(IReadOnlyList<ActionResult> results) =>
    [
        .. results.OfType<ActionResult.Done>()
            .Where(d => d.Reverted is not null)
            .Select(RevertOf)
            .OrderBy(e => e.Message, StringComparer.Ordinal),
    ];

    private static ReportedEvent RevertOf(ActionResult.Done done) => done.Action is CollectionAction.CreateNamespace
        ? new ReportedEvent(Warning: true, CollectionReasons.DriftReverted, $"{done.Action.Id} was deleted {done.Reverted}; it was created again, without what it held")
        : Drift.DriftEvents.PutBack(CollectionReasons.DriftReverted, done.Action.Id, done.Action is CollectionAction.ApplyGuardrail { Exists: false }, done.Reverted!);
}

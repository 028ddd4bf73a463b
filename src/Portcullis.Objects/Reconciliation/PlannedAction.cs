namespace Portcullis.Objects.Reconciliation;

/// <summary>
/// One step of a plan, in the imperative. Each planner has a closed union of its own; this is what the action runner must know of every one.
/// A sequence that must stop at its first failure (write, reload, read back) is one action.
/// </summary>
public abstract record PlannedAction
{
    /// <summary>Names the action within its plan: usually the object that it is about (<c>RoleBinding shop/portcullis:viewonly</c>).</summary>
    public abstract string Id { get; }

    public virtual ActionEffect Effect => ActionEffect.Neutral;

    /// <summary>
    /// What it sets, and puts back when somebody else changed it. Each is counted by itself: a fight over one key of a file does not hold up another.
    /// </summary>
    public virtual IReadOnlyList<string> PutsBack => [Id];

    /// <summary>The declarations that asked for it, or that no longer do; a failure is reported on each of them. Empty: the reconciled object itself.</summary>
    public IReadOnlyList<ObjectKey> OnBehalfOf { get; init; } = [];

    /// <summary>Ids of actions that must have succeeded before; one that is not in the plan counts as done. When one of them fails, this is skipped.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Starts when every action of a lower phase has ended, whether it succeeded or not.</summary>
    public virtual int Phase => 0;

    /// <summary>One line for logs, Events and plans.</summary>
    public abstract string Describe();
}

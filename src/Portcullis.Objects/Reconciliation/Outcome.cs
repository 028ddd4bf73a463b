namespace Portcullis.Objects.Reconciliation;

/// <summary>
/// The outcome of one reconcile. The controller loop alone turns it into conditions, Events, metrics and the next reconcile:
/// <list type="table">
/// <item><term>Ready</term><description>Ready=True, observedGeneration moves; reconciled again after CheckAgainIn (with jitter)</description></item>
/// <item><term>Waiting</term><description>Ready=False, Reconciling=True; reconciled again after RetryIn; not a failure</description></item>
/// <item><term>Stalled</term><description>Ready=False, Stalled=True, observedGeneration moves; nothing until something changes</description></item>
/// <item><term>Failed</term><description>Ready=False, Reconciling=True; retried with back-off, for ever; so is an exception</description></item>
/// </list>
/// </summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>Whether its Event is a Warning: it stalled, failed, or waits for what was refused or is away. No property, so that it is not printed beside its reasons.</summary>
    public bool Warns() => this is Stalled or Failed or Waiting { IsWarning: true };

    public sealed record Ready(string Message, TimeSpan? CheckAgainIn = null) : Outcome
    {
        public string Reason { get; init; } = "Succeeded";
    }

    public sealed record Waiting(string Reason, string Message, TimeSpan RetryIn) : Outcome
    {
        /// <summary>
        /// A new object is not reported as waiting before it has waited so long: what it waits for usually comes within moments. Null: at once.
        /// </summary>
        public TimeSpan? ReportAfter { get; init; }

        /// <summary>Whether its Event is a Warning: what it waits for was refused or is away, and may not come without anybody's help.</summary>
        public bool IsWarning { get; init; }
    }

    public sealed record Stalled(string Reason, string Message) : Outcome
    {
        /// <summary>
        /// A new object is not reported as stalled before it is so old: what it names may be written a moment later by the same commit. Null: at once.
        /// </summary>
        public TimeSpan? ReportAfter { get; init; }

        /// <summary>Reconcile again even though nothing changed (an outside fact that no watch shows); null never.</summary>
        public TimeSpan? CheckAgainIn { get; init; }

        /// <summary>Stalled by these problems: the first one's reason, all of their messages.</summary>
        public static Stalled By(IReadOnlyList<Problem> problems) => new(problems[0].Reason, Problem.Join(problems));
    }

    /// <summary><paramref name="IsAway"/> when the other side did not answer: retried sooner than what it refused.</summary>
    public sealed record Failed(string Reason, string Message, bool IsAway = false) : Outcome
    {
        /// <summary>Failed by these actions: the first one's reason, each distinct message once.</summary>
        public static Failed By(IReadOnlyList<ActionResult.Failed> failures) => new(
            failures[0].Problem.Reason,
            Problem.Join([.. failures.Select(f => f.Problem).Distinct()]),
            failures.All(f => f.IsAway));

        /// <summary>The failures among these results as one; null when none of them failed.</summary>
        public static Failed? Among(IEnumerable<ActionResult> results) =>
            results.OfType<ActionResult.Failed>().ToList() is { Count: > 0 } failures ? By(failures) : null;
    }
}

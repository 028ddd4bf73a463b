namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// What came of one reconcile. The loop alone turns it into conditions, events, metrics and the next visit:
/// <list type="table">
/// <item><term>Ready</term><description>Ready=True, observedGeneration moves; visited again after CheckAgainIn (with jitter)</description></item>
/// <item><term>Waiting</term><description>Ready=False, Reconciling=True; visited again after RetryIn; not a failure</description></item>
/// <item><term>Stalled</term><description>Ready=False, Stalled=True, observedGeneration moves; nothing until something changes</description></item>
/// <item><term>exception</term><description>Ready=False, Reconciling=True; retried with back-off, for ever</description></item>
/// </list>
/// </summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    public sealed record Ready(string Message, TimeSpan? CheckAgainIn = null) : Outcome
    {
        public string Reason { get; init; } = "Succeeded";
    }

    public sealed record Waiting(string Reason, string Message, TimeSpan RetryIn) : Outcome;

    public sealed record Stalled(string Reason, string Message) : Outcome
    {
        /// <summary>Look again even though nothing changed (an outside fact the watch cannot see); null never.</summary>
        public TimeSpan? CheckAgainIn { get; init; }
    }
}

/// <summary>An outcome, the status to tell (its base fields are the loop's own) and the changes worth an Event.</summary>
public sealed record Reconciled<TStatus>(Outcome Outcome, TStatus Status)
    where TStatus : ResourceStatus
{
    /// <summary>Conditions beyond Ready, Reconciling and Stalled (<c>GuardrailsEnforced</c>, <c>SourceVerified</c>); the loop stamps times.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public IReadOnlyList<ReportedEvent> Events { get; init; } = [];
}

/// <summary>An Event to record on the reconciled object. Repeats are folded by the recorder.</summary>
public sealed record ReportedEvent(bool Warning, string Reason, string Message);

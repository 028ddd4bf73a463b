namespace Portcullis.Objects.Reconciliation;

/// <summary>An outcome, the status to report (its base fields are the loop's own) and the changes worth an Event.</summary>
public sealed record Reconciled<TStatus>(Outcome Outcome, TStatus Status)
    where TStatus : ResourceStatus
{
    /// <summary>Conditions beyond Ready, Reconciling and Stalled (<c>GuardrailsEnforced</c>, <c>SourceVerified</c>); the loop stamps times.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public IReadOnlyList<ReportedEvent> Events { get; init; } = [];
}

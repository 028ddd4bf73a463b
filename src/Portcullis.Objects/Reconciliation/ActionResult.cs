namespace Portcullis.Objects.Reconciliation;

/// <summary>The result of one planned action. Failures are values: the judge decides what they mean for each declaration.</summary>
public abstract record ActionResult(PlannedAction Action)
{
    /// <summary>It was executed.</summary>
    public sealed record Done(PlannedAction Action) : ActionResult(Action)
    {
        /// <summary>Who had made the change that it put back; null when it put nothing back.</summary>
        public Attribution? Reverted { get; init; }
    }

    /// <summary>It was tried and failed. <paramref name="IsAway"/> when the other side did not answer, which is no fault of the declaration.</summary>
    public sealed record Failed(PlannedAction Action, Problem Problem, bool IsAway = false) : ActionResult(Action)
    {
        /// <summary>The other side asked not to be tried again before; null when it did not.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>It was not tried, because <paramref name="Cause"/> failed or was skipped.</summary>
    public sealed record Skipped(PlannedAction Action, PlannedAction Cause) : ActionResult(Action);
}

namespace Portcullis.Core.Trust;

/// <summary>What came of one repository: what was read at the end, what is left of the plan, and what was done.</summary>
/// <param name="Repository">The repository's name in the registry.</param>
/// <param name="Observed">What was read last.</param>
/// <param name="Plan">What would be done next; no action when all is as declared.</param>
/// <param name="Results">What was done before it was read.</param>
public sealed record TrustReport(string Repository, TrustObservation Observed, TrustPlan Plan, IReadOnlyList<ActionResult> Results)
{
    public TrustState State => Failure is { IsAway: true } ? TrustState.Unreachable : Failure is not null ? TrustState.Failed : Plan.State;

    public string Message => Failure?.Problem.Message ?? Plan.Message;

    /// <summary>Why it failed; null when it did not.</summary>
    public ActionResult.Failed? Failure => Results.OfType<ActionResult.Failed>().FirstOrDefault();

    /// <summary>The updates that the server took.</summary>
    public IEnumerable<TrustAction.Publish> Published => Results.OfType<ActionResult.Done>().Select(r => r.Action).OfType<TrustAction.Publish>();

    /// <summary>The trust data that was read; null when there is none that may be believed.</summary>
    public PublishedTrust? Trust => (Observed.Server as ServerTrust.Present)?.Trust;

    /// <summary>What is to be remembered: what was declared when it was found as declared, and the highest versions ever seen.</summary>
    public RememberedTrust Remembered
    {
        get
        {
            var before = Observed.Remembered;
            var isSettled = Plan is { State: TrustState.Published, Actions.Count: 0 } && Failure is null;
            return new RememberedTrust(
                isSettled ? Observed.Declared.Digest : before.Declared,
                Math.Max(Trust?.Root.Version ?? 0, before.Root),
                Math.Max(Trust?.Targets.Version ?? 0, before.Targets),
                Math.Max(Trust?.SnapshotVersion ?? 0, before.Snapshot),
                Math.Max(Trust?.TimestampVersion ?? 0, before.Timestamp));
        }
    }
}

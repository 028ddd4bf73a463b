namespace Portcullis.Core.Trust;

/// <summary>The Events of a TrustDelegation: what was published, put back or lost, and what others must do.</summary>
internal static class TrustEvents
{
    /// <summary>How many tags one Event lists.</summary>
    private const int Shown = 10;

    public static IEnumerable<ReportedEvent> Of(IReadOnlyList<TrustReport> reports, IReadOnlyDictionary<string, RepositoryTrustStatus> before) =>
        reports.SelectMany(r => OfPublished(r).Concat(OfPlan(r, before.GetValueOrDefault(r.Repository))));

    private static IEnumerable<ReportedEvent> OfPublished(TrustReport report)
    {
        foreach (var publish in report.Published)
        {
            yield return publish.Reverts.Count > 0
                ? new ReportedEvent(Warning: true, TrustReasons.DriftReverted, $"put back what somebody changed on the Notary server in {publish.Gun}: {Join(publish.Reverts)}")
                : new ReportedEvent(Warning: false, TrustReasons.Published, $"published {publish.Gun}: {Join(publish.Changes)}");
            if (publish.Loses.Count > 0)
            {
                yield return new ReportedEvent(Warning: true, TrustReasons.SignatureLost, $"in {publish.Gun} these tags lost their signature: {Join(publish.Loses)}");
            }

            if (publish.Drops.Count > 0)
            {
                yield return new ReportedEvent(Warning: true, TrustReasons.MembersDropped, $"in {publish.Gun} members of the metadata were not published again, because they are not Notary's and its server does not keep them: {Join(publish.Drops)}");
            }
        }
    }

    /// <summary>What was not reported at the last time.</summary>
    private static IEnumerable<ReportedEvent> OfPlan(TrustReport report, RepositoryTrustStatus? before)
    {
        if (report.Plan.Reason is { } reason && report.Failure is null && report.Message != before?.Message)
        {
            yield return new ReportedEvent(Warning: true, reason, $"{report.Observed.Declared.Gun}: {report.Message}");
        }

        if (report.Plan is { Pending: not null, Loses.Count: > 0 } plan && before?.LosesSignature is null)
        {
            yield return new ReportedEvent(Warning: true, TrustReasons.SignatureLost, $"in {report.Observed.Declared.Gun} these tags will lose their signature: {Join(plan.Loses)}");
        }
    }

    private static string Join(IReadOnlyList<string> lines) => TrustWords.Some(lines, Shown);
}

namespace Portcullis.Core.Criteria;

/// <summary>
/// Holds criteria against what is known of an image. What is not known is <see cref="CriterionOutcome.Unknown"/>: an image that was not scanned
/// has neither few vulnerabilities nor many.
/// </summary>
public static class CriteriaEvaluation
{
    /// <summary>Signatures come and expire without a change of any object: as if time changed them.</summary>
    private static readonly TimeSpan SignaturesChange = TimeSpan.FromSeconds(30);

    public static CriteriaVerdict Of(IReadOnlyList<Criterion>? criteria, ImageFacts facts, DateTimeOffset now) =>
        new([.. (criteria ?? []).Select(c => Of(c, facts, now))]);

    private static CriterionVerdict Of(Criterion criterion, ImageFacts facts, DateTimeOffset now)
    {
        if (CriteriaCheck.ProblemsOf(criterion).FirstOrDefault() is { Message: { } problem })
        {
            // Validation refuses it; an older program's object may have it all the same.
            return new CriterionVerdict(criterion, CriterionOutcome.Unknown, problem);
        }

        return criterion.Field switch
        {
            CriterionField.Tag => OfTag(criterion, facts.Tag),
            CriterionField.UpdatedAt or CriterionField.UpdatedAge => AgeEvaluation.Of(criterion, facts.UpdatedAt, now),
            CriterionField.SignedBy => OfSigners(criterion, facts.Evidence.Signatures) with { NextChange = now + SignaturesChange },
            _ => OfScan(criterion, facts.Evidence.Scan),
        };
    }

    private static CriterionVerdict OfTag(Criterion criterion, string tag) =>
        new(criterion, TextComparison.IsMet(criterion, tag) ? CriterionOutcome.Met : CriterionOutcome.NotMet, $"the tag is {tag}");

    private static CriterionVerdict OfSigners(Criterion criterion, SignatureEvidence? signatures)
    {
        if (signatures is null)
        {
            return new CriterionVerdict(criterion, CriterionOutcome.Unknown, "not verified");
        }

        var found = criterion.Values.Where(v => signatures.Teams.Contains(v, StringComparer.Ordinal)).ToList();
        return found.Count > 0
            ? new CriterionVerdict(criterion, CriterionOutcome.Met, $"signed by {string.Join(", ", found)}")
            : new CriterionVerdict(criterion, CriterionOutcome.NotMet, signatures.Teams.Count == 0 ? "not signed" : $"signed by {string.Join(", ", signatures.Teams.Order(StringComparer.Ordinal))} only");
    }

    private static CriterionVerdict OfScan(Criterion criterion, ScanEvidence? scan) => scan switch
    {
        null => new CriterionVerdict(criterion, CriterionOutcome.Unknown, "not scanned"),
        { State: ScanState.Pending } => new CriterionVerdict(criterion, CriterionOutcome.Unknown, "the scan is not finished"),
        { State: ScanState.Failed } => new CriterionVerdict(criterion, CriterionOutcome.Unknown, WithDetails("the scan failed", scan)),
        { State: ScanState.Stale } => new CriterionVerdict(criterion, CriterionOutcome.Unknown, WithDetails("the scan is too old", scan)),
        { State: ScanState.Incomplete } => new CriterionVerdict(criterion, CriterionOutcome.Unknown, WithDetails("the scan is not complete", scan)),
        { Components: null } when CriterionOperators.NeedsComponents(criterion.Field) => new CriterionVerdict(criterion, CriterionOutcome.Unknown, "the list of components cannot be read"),
        _ => criterion.Field switch
        {
            CriterionField.Package => ComponentEvaluation.OfPackages(criterion, scan.Components!),
            CriterionField.License => ComponentEvaluation.OfLicenses(criterion, scan.Components!),
            _ => VulnerabilityEvaluation.Of(criterion, scan),
        },
    };

    private static string WithDetails(string what, ScanEvidence scan) => scan.Details.Length == 0 ? what : $"{what}: {scan.Details}";
}

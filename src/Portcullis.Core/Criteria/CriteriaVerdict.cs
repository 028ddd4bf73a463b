namespace Portcullis.Core.Criteria;

/// <summary>Whether an image meets a criterion.</summary>
public enum CriterionOutcome
{
    Met,

    NotMet,

    /// <summary>What it asks is not known (not scanned, not verified); never taken for met.</summary>
    Unknown,
}

/// <summary>What came of one criterion.</summary>
/// <param name="Criterion">The criterion.</param>
/// <param name="Outcome">Whether it is met.</param>
/// <param name="Evidence">What was found and what was asked, in words.</param>
public sealed record CriterionVerdict(Criterion Criterion, CriterionOutcome Outcome, string Evidence)
{
    /// <summary>When time alone changes the outcome; null when it never does.</summary>
    public DateTimeOffset? NextChange { get; init; }
}

/// <summary>What came of all criteria of a list.</summary>
public sealed record CriteriaVerdict(IReadOnlyList<CriterionVerdict> Criteria)
{
    /// <summary>Whether every one of them is met.</summary>
    public bool AreMet => Criteria.All(c => c.Outcome == CriterionOutcome.Met);

    /// <summary>Whether every one of them is met, those on one field left aside.</summary>
    public bool AreMetBesides(CriterionField field) => Criteria.All(c => c.Outcome == CriterionOutcome.Met || c.Criterion.Field == field);

    /// <summary>When time alone next changes the outcome of one of them; null when it never does.</summary>
    public DateTimeOffset? NextChange => Criteria.Min(c => c.NextChange);

    /// <summary>Those that are not met, with what was found; empty when all are met.</summary>
    public string Missing => string.Join("; ", Criteria.Where(c => c.Outcome != CriterionOutcome.Met).Select(c => $"{c.Criterion.Describe()}: {c.Evidence}"));
}

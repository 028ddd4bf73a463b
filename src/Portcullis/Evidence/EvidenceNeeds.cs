using Portcullis.Core.Criteria;

namespace Portcullis.Evidence;

/// <summary>What of the evidence somebody wants to know, besides what a scan counted.</summary>
[Flags]
internal enum EvidenceNeeds
{
    None = 0,

    /// <summary>The components of the image.</summary>
    Components = 1,

    /// <summary>Who signed it: asking may cost a request to a Notary server.</summary>
    Signatures = 2,
}

/// <summary>What criteria want to know.</summary>
internal static class EvidenceNeed
{
    public static EvidenceNeeds Of(IReadOnlyList<Criterion>? criteria) =>
        ((criteria ?? []).Any(c => CriterionOperators.NeedsComponents(c.Field)) ? EvidenceNeeds.Components : EvidenceNeeds.None)
        | ((criteria ?? []).Any(c => c.Field == CriterionField.SignedBy) ? EvidenceNeeds.Signatures : EvidenceNeeds.None);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Portcullis.Core.Criteria;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>
/// Why an image was promoted: what the decision record in the registry says, as a referrer of the image in the target repository. The same
/// decision gives the same bytes, so that writing it again after a crash makes no second record.
/// </summary>
public sealed record PromotionEvidence
{
    public const string ArtifactType = "application/vnd.portcullis.promotion.v1+json";

    public required string Policy { get; init; }

    public required long Generation { get; init; }

    /// <summary>The commit that last changed the policy; null when it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>That commit's author.</summary>
    public string? Author { get; init; }

    /// <summary>The policy's file and line in that commit.</summary>
    public string? Path { get; init; }

    /// <summary>The source, as REPOSITORY:TAG.</summary>
    public required string Source { get; init; }

    /// <summary>The target, as REPOSITORY:TAG.</summary>
    public required string Target { get; init; }

    public required string Digest { get; init; }

    /// <summary>When it was decided.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>Of which day the vulnerability database was; null without a scan.</summary>
    public DateTimeOffset? DatabaseDate { get; init; }

    public required IReadOnlyList<CriterionEvidence> Criteria { get; init; }

    public static PromotionEvidence Of(PromotionPolicy policy, PromotionAction.Promote action, ImageEvidence evidence)
    {
        var annotations = policy.Metadata.Annotations ?? new Dictionary<string, string>(StringComparer.Ordinal);
        return new PromotionEvidence
        {
            Policy = action.Promotion.Policy,
            Generation = action.Promotion.Generation,
            Commit = annotations.GetValueOrDefault(WellKnown.Annotations.SourceCommit),
            Author = annotations.GetValueOrDefault(WellKnown.Annotations.SourceAuthor),
            Path = annotations.GetValueOrDefault(WellKnown.Annotations.SourcePath),
            Source = $"{action.Source.Name}:{action.Entry.Tag}",
            Target = $"{action.Target.Name}:{action.Promotion.TargetTag}",
            Digest = action.Promotion.Digest,
            Time = action.Promotion.At,
            DatabaseDate = evidence.Scan?.DatabaseDate,
            Criteria = [.. action.Criteria.Criteria.Select(c => new CriterionEvidence(c.Criterion.Describe(), c.Outcome, c.Evidence))],
        };
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PromotionsJsonContext.Default.PromotionEvidence);
}

/// <summary>What came of one criterion.</summary>
/// <param name="Criterion">The criterion in one line.</param>
/// <param name="Outcome">Whether it is met.</param>
/// <param name="Evidence">What was found and what was asked.</param>
public sealed record CriterionEvidence(string Criterion, CriterionOutcome Outcome, string Evidence);

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portcullis.Core.Attestations;
using Portcullis.Core.Criteria;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>
/// Why an image was promoted: what the decision record in the registry says, as a referrer of the image in the target repository. It is the predicate of a
/// statement that the operator signs. A signature is another one each time, so records are compared by the decision that they are of.
/// </summary>
public sealed record PromotionEvidence
{
    public const string ArtifactType = "application/vnd.portcullis.promotion.v1+json";

    /// <summary>The type of the statement whose predicate it is.</summary>
    public const string PredicateType = "https://portcullis.dev/attestations/promotion/v1";

    /// <summary>The annotation of a record that says of which decision it is (<see cref="Decision"/>). It proves nothing by itself.</summary>
    public const string DecisionAnnotation = "dev.portcullis.decision";

    /// <summary>A record names a few criteria; a larger document is none.</summary>
    public const int LargestRecord = 1024 * 1024;

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

    /// <summary>Which decision it is of: the same for every record of one decision, whatever is known of the image when it is written.</summary>
    [JsonIgnore]
    public string Decision => string.Create(CultureInfo.InvariantCulture, $"{Policy} {Generation} {Source} {Target} {Digest} {KubernetesJson.MicroTime(Time)}");

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

    /// <summary>The record without a signature.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PromotionsJsonContext.Default.PromotionEvidence);

    /// <param name="image">The image's name without a tag.</param>
    public InTotoStatement ToStatement(string image) =>
        InTotoStatement.About(image, Digest, PredicateType, JsonSerializer.SerializeToNode(this, PromotionsJsonContext.Default.PromotionEvidence)!);

    /// <summary>What a statement says, when it is about the promotion of this image; else null.</summary>
    /// <param name="statement">Whose signature was verified.</param>
    /// <param name="digest">The image that it is attached to.</param>
    public static PromotionEvidence? Read(InTotoStatement statement, string digest)
    {
        if (statement.PredicateType != PredicateType || !statement.IsAbout(digest))
        {
            return null;
        }

        try
        {
            return statement.Predicate.Deserialize(PromotionsJsonContext.Default.PromotionEvidence) is { } read && read.Digest == digest ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What came of one criterion.</summary>
/// <param name="Criterion">The criterion in one line.</param>
/// <param name="Outcome">Whether it is met.</param>
/// <param name="Evidence">What was found and what was asked.</param>
public sealed record CriterionEvidence(string Criterion, CriterionOutcome Outcome, string Evidence);

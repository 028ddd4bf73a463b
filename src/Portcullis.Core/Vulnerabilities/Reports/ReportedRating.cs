using System.Globalization;
using System.Text.Json;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>What reports say of the gravity of a vulnerability.</summary>
internal static class ReportedRating
{
    /// <summary>The best of vectors and words; a bare score counts where no vector can be read.</summary>
    public static AdvisoryRating Best(IEnumerable<string> vectors, IEnumerable<decimal> scores, IEnumerable<string?> words)
    {
        var best = vectors.Select(RatedVector.Of).OfType<AdvisoryRating>().Aggregate(AdvisoryRating.None, AdvisoryRating.Better);
        if (best.Score is null && scores.Where(s => s is >= 0 and <= 10).Order().ToList() is [.., var highest])
        {
            return new AdvisoryRating { Source = RatingSource.Word, Severity = SeverityBounds.Of(highest), Score = highest };
        }

        return best.Score is null ? words.Select(OsvRating.OfWord).Aggregate(best, AdvisoryRating.Better) : best;
    }

    public static decimal? Score(JsonElement owner, string name) =>
        decimal.TryParse(OsvJson.Text(owner, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) ? score : null;
}

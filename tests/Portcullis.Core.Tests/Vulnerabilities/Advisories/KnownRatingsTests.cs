using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Tests.Vulnerabilities.Advisories;

[TestFixture]
internal sealed class KnownRatingsTests
{
    private static readonly AdvisoryDetails Rated = Details("GHSA-1", "CVE-1-1", 6.1m, RatingSource.Cvss31);

    [Test]
    public void An_advisory_without_a_vector_has_the_best_that_others_say()
    {
        var ratings = new KnownRatings();
        ratings.Add(Rated);
        ratings.Add(Details("OTHER-1", "CVE-1-1", 9.8m, RatingSource.Cvss2));
        ratings.Add(Details("OTHER-2", "CVE-1-1", null, RatingSource.Word));
        Assert.That(ratings.OthersOf(Details("GO-1", "CVE-1-1", null, RatingSource.Word)), Is.EqualTo(Rated.Rating));
        Assert.That(ratings.OthersOf(Details("GO-1", "GHSA-1", null, RatingSource.None)), Is.EqualTo(Rated.Rating));
        Assert.That(ratings.OthersOf(new AdvisoryDetails { Id = "DEBIAN-1", Upstream = ["CVE-1-1"] }), Is.EqualTo(Rated.Rating));
    }

    [Test]
    public void One_with_a_vector_or_about_several_or_about_another_has_its_own()
    {
        var ratings = new KnownRatings();
        ratings.Add(Rated);
        Assert.That(ratings.OthersOf(Details("GO-1", "CVE-1-1", 2m, RatingSource.Cvss2)), Is.EqualTo(AdvisoryRating.None));
        Assert.That(ratings.OthersOf(new AdvisoryDetails { Id = "USN-1", Upstream = ["CVE-1-1", "CVE-1-2"] }), Is.EqualTo(AdvisoryRating.None));
        Assert.That(ratings.OthersOf(Details("GO-1", "CVE-1-2", null, RatingSource.None)), Is.EqualTo(AdvisoryRating.None));
    }

    private static AdvisoryDetails Details(string id, string alias, decimal? score, RatingSource source) =>
        new() { Id = id, Aliases = [alias], Rating = new AdvisoryRating { Source = source, Severity = SeverityBounds.Of(score), Score = score } };
}

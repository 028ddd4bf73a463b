namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>
/// The CVSS ratings of all advisories, by the names of their vulnerabilities. Many advisories, as those of distributions, Go and Python, have no vector, while another one about the same
/// vulnerability has, if only one about commits of its source.
/// </summary>
public sealed class KnownRatings
{
    private readonly Dictionary<string, AdvisoryRating> _byName = new(StringComparer.Ordinal);

    /// <summary>Takes the rating of an advisory that has a vector; the order of calls does not matter.</summary>
    public void Add(AdvisoryDetails details)
    {
        if (!HasVector(details.Rating) || !VulnerabilityNames.IsOne(details))
        {
            return;
        }

        foreach (var name in details.Aliases.Append(details.Id))
        {
            _byName[name] = AdvisoryRating.Better(details.Rating, _byName.GetValueOrDefault(name, AdvisoryRating.None));
        }
    }

    /// <summary>What others say of the vulnerability of an advisory that has no vector itself and is about no other; none where nobody does.</summary>
    public AdvisoryRating OthersOf(AdvisoryDetails details) => HasVector(details.Rating) || !VulnerabilityNames.IsOne(details)
        ? AdvisoryRating.None
        : VulnerabilityNames.Of(details).Aggregate(AdvisoryRating.None, (best, name) => AdvisoryRating.Better(best, _byName.GetValueOrDefault(name, AdvisoryRating.None)));

    private static bool HasVector(AdvisoryRating rating) => rating.Source >= RatingSource.Cvss2;
}

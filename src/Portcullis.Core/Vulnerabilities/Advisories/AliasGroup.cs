using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>The advisories about one vulnerability that match a component.</summary>
internal sealed class AliasGroup
{
    private readonly List<AdvisoryMatch> _own = [];
    private readonly List<(AdvisoryMatch Match, string Name)> _shared = [];

    /// <summary>An advisory about this vulnerability alone.</summary>
    public void Add(AdvisoryMatch match) => _own.Add(match);

    /// <summary>An advisory about this vulnerability, which it calls by a name, and others.</summary>
    public void AddShared(AdvisoryMatch match, string name) => _shared.Add((match, name));

    public Finding ToFinding(Component component) =>
        new() { Vulnerability = ToVulnerability(), Component = component, FixedIn = FixChoice.Of([.. _own, .. _shared.Select(s => s.Match)]) };

    private Vulnerability ToVulnerability()
    {
        string[] names = [.. _own.SelectMany(m => VulnerabilityNames.Of(m.Details)).Concat(_shared.Select(s => s.Name))];
        Array.Sort(names, VulnerabilityNames.Order);
        var id = names[0];
        string[] all = [.. names, .. _shared.Select(s => s.Match.Details.Id).Where(n => n != id)];
        Array.Sort(all, 1, all.Length - 1, StringComparer.Ordinal);
        var rating = Rating();
        return new Vulnerability
        {
            Id = id,
            Aliases = VulnerabilityNames.WithoutFirst(all),
            Severity = rating.Severity,
            Score = rating.Score,
            Vector = rating.Vector,
            Summary = Summary(id, rating),
        };
    }

    /// <summary>An advisory about several vulnerabilities rates the gravest of them, so it speaks only where nobody rates this one.</summary>
    private AdvisoryRating Rating()
    {
        var own = Best(_own);
        return own.Source == RatingSource.None ? Best(_shared.Select(s => s.Match)) : own;
    }

    private static AdvisoryRating Best(IEnumerable<AdvisoryMatch> matches) =>
        matches.Aggregate(AdvisoryRating.None, (best, m) => AdvisoryRating.Better(best, m.Details.Rating));

    /// <summary>That of the advisory by whose name the vulnerability is shown, else of the one that rates it, else of the first by name.</summary>
    private string Summary(string id, AdvisoryRating rating) =>
        _own.OrderBy(m => m.Details.Id == id ? 0 : m.Details.Rating == rating ? 1 : 2).ThenBy(m => m.Details.Id, StringComparer.Ordinal)
            .Concat(_shared.Select(s => s.Match).OrderBy(m => m.Details.Id, StringComparer.Ordinal))
            .Select(m => m.Details.Summary)
            .FirstOrDefault(s => s.Length > 0) ?? "";
}

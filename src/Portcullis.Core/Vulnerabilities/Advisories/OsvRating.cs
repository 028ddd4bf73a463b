using System.Text.Json;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Reads how an advisory rates its vulnerability: by CVSS vectors, else by the publisher's word.</summary>
internal static class OsvRating
{
    /// <summary>Members in which publishers put their word, beside packages or for the whole advisory.</summary>
    private static readonly string[] WordMembers = ["severity", "urgency", "ubuntu_priority", "priority"];

    public static AdvisoryRating Of(JsonElement root, ICollection<AdvisoryNote> notes)
    {
        var best = Rating(root, notes);
        foreach (var affected in OsvJson.Items(root, "affected"))
        {
            best = AdvisoryRating.Better(best, Rating(affected, notes));
        }

        return best;
    }

    private static AdvisoryRating Rating(JsonElement owner, ICollection<AdvisoryNote> notes)
    {
        var best = AdvisoryRating.None;
        foreach (var severity in OsvJson.Items(owner, "severity"))
        {
            best = AdvisoryRating.Better(best, OfEntry(severity, notes));
        }

        foreach (var specific in (string[])["database_specific", "ecosystem_specific"])
        {
            if (OsvJson.Member(owner, specific) is { } members)
            {
                best = WordMembers.Aggregate(best, (b, m) => AdvisoryRating.Better(b, OfWord(OsvJson.Text(members, m))));
            }
        }

        return best;
    }

    private static AdvisoryRating OfEntry(JsonElement severity, ICollection<AdvisoryNote> notes)
    {
        var type = OsvJson.Text(severity, "type") ?? "";
        var score = OsvJson.Text(severity, "score") ?? "";
        if (!type.StartsWith("CVSS_", StringComparison.Ordinal))
        {
            return OfWord(score);
        }

        if (RatedVector.Of(score) is { } rating)
        {
            return rating;
        }

        notes.Add(new AdvisoryNote(AdvisoryNoteKind.LeftOut, $"the vector \"{Short(score)}\""));
        return AdvisoryRating.None;
    }

    /// <summary>The words of GitHub, Debian, Ubuntu, Red Hat and SUSE, by DTR's three grades. A word that nobody is known to use says nothing.</summary>
    public static AdvisoryRating OfWord(string? word)
    {
        Severity? severity = word?.Trim().TrimEnd('*').ToLowerInvariant() switch
        {
            "critical" or "high" or "important" => Severity.Critical,
            "medium" or "moderate" => Severity.Major,
            "low" or "negligible" or "minor" or "unimportant" => Severity.Minor,
            _ => null,
        };
        return severity is { } known ? new AdvisoryRating { Source = RatingSource.Word, Severity = known } : AdvisoryRating.None;
    }

    private static string Short(string text) => text.Length <= 100 ? text : text[..100];
}

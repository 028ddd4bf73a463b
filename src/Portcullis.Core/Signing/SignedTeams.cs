using Portcullis.Core.Criteria;

namespace Portcullis.Core.Signing;

/// <summary>Which teams have signed a digest, under whatever tag. As everywhere, <c>targets</c> and <c>targets/releases</c> count for nobody.</summary>
public static class SignedTeams
{
    /// <summary>Null when it is not known: no verifier could be asked, or what it has must not be believed.</summary>
    public static SignatureEvidence? Of(IReadOnlyList<TrustFinding> findings, string digest, TeamKeys teams, DateTimeOffset now)
    {
        var valid = findings.OfType<TrustFinding.Verified>().Where(v => v.Trust.ExpiresAt > now).ToList();
        if (valid.Count == 0)
        {
            return findings.Count > 0 && findings.All(f => f is TrustFinding.Absent) ? new SignatureEvidence([]) : null;
        }

        var keys = valid.SelectMany(v => v.Trust.OfDigest(digest)).Where(t => SigningRoles.CountsForTeams(t.Role, acceptTargets: false)).SelectMany(t => t.Signers).ToHashSet(StringComparer.Ordinal);
        return new SignatureEvidence(teams.TeamsOf(keys));
    }
}

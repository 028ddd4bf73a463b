using Portcullis.Core.Signing;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>What a whole set says of images, as Docker reads it: the entries of targets and of every delegation, each within its paths.</summary>
public static class TrustedEntries
{
    private const string Algorithm = "sha256:";

    /// <param name="set">Root, timestamp, snapshot and targets must be there.</param>
    /// <param name="now">Delegations that have expired by then say nothing.</param>
    /// <exception cref="InvalidOperationException">Something is missing, or expired files were taken.</exception>
    public static RepositoryTrust ToRepositoryTrust(this TrustedSet set, DateTimeOffset now)
    {
        if (set.IgnoresExpiry || set is not { Root: { } root, Timestamp: { } timestamp, Snapshot: { } snapshot, Targets: { } targets })
        {
            throw new InvalidOperationException("the set is not whole");
        }

        List<RoleTarget> entries = [.. EntriesOf(RoleNames.Targets, targets, _ => true)];
        List<string> problems = [.. set.LeftOut.Values.Select(e => e.ToString())];
        DateTimeOffset[] ends = [root.ValidUntil, timestamp.ValidUntil, snapshot.ValidUntil, targets.ValidUntil];
        var expires = ends.Min();
        foreach (var (name, role) in set.Delegations.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            if (RoleCheck.EndOf(name, role.Signed, now) is { } ended)
            {
                problems.Add(ended.ToString());
                continue;
            }

            entries.AddRange(EntriesOf(name, role.Signed, role.Delegation.Covers));
            expires = role.Signed.ValidUntil < expires ? role.Signed.ValidUntil : expires;
        }

        problems.AddRange(DelegationWalk.Open(set).Where(d => set.Floors.Knows(d.Name)).Select(d => $"{d.Name}: the snapshot does not name it any more"));
        return new RepositoryTrust(entries, [.. problems.Order(StringComparer.Ordinal)], expires);
    }

    private static IEnumerable<RoleTarget> EntriesOf(string role, SignedRole<TargetsRole> signed, Func<string, bool> covers)
    {
        string[] signers = [.. signed.Signers.Select(s => s.CanonicalId).Order(StringComparer.Ordinal)];
        return InOrder(signed.Content.Targets).Where(t => t.Sha256 is not null && covers(t.Name))
            .Select(t => new RoleTarget(role, t.Name, DigestOf(t.Sha256!), t.Length, signers));
    }

    /// <summary>By their names. Most are written so, and to see that takes a fraction of sorting them.</summary>
    private static IEnumerable<TufTarget> InOrder(IReadOnlyList<TufTarget> targets)
    {
        for (var i = 1; i < targets.Count; i++)
        {
            if (string.CompareOrdinal(targets[i - 1].Name, targets[i].Name) > 0)
            {
                return targets.OrderBy(t => t.Name, StringComparer.Ordinal);
            }
        }

        return targets;
    }

    private static string DigestOf(byte[] sha256) => string.Create(Algorithm.Length + (2 * sha256.Length), sha256, static (digest, hash) =>
    {
        Algorithm.CopyTo(digest);
        _ = Convert.TryToHexStringLower(hash, digest[Algorithm.Length..], out _);
    });
}

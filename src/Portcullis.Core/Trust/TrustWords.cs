using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>How keys, roles and differences are written for people.</summary>
internal static class TrustWords
{
    /// <summary>So many digits of an id tell keys apart.</summary>
    private const int Digits = 12;

    public static string Short(string id) => id.Length <= Digits ? id : id[..Digits];

    /// <summary>The first of many lines, and how many more there are.</summary>
    public static string Some(IReadOnlyList<string> lines, int shown) =>
        $"{string.Join("; ", lines.Take(shown))}{(lines.Count > shown ? FormattableString.Invariant($"; and {lines.Count - shown} more") : "")}";

    public static string Of(IEnumerable<TufKey> keys) => string.Join(", ", keys.Select(k => Short(k.CanonicalId)).Order(StringComparer.Ordinal));

    public static string Of(DeclaredRole role, TufKey key) =>
        role.Signers.FirstOrDefault(s => s.Key.CanonicalId == key.CanonicalId) is { } signer ? $"{Short(key.CanonicalId)} of {signer.Holder}" : Short(key.CanonicalId);

    /// <summary>What makes <paramref name="present"/> another role than the declared one; empty when nothing does.</summary>
    public static IReadOnlyList<TrustDifference> Differences(DeclaredRole declared, PublishedDelegation? present)
    {
        var name = declared.Name;
        if (present is null)
        {
            return [new TrustDifference($"{name} is missing", $"add {name} with {string.Join(", ", declared.Keys.Select(k => Of(declared, k)))}")];
        }

        var has = present.Keys.Select(k => k.CanonicalId).ToHashSet(StringComparer.Ordinal);
        var wanted = declared.Keys.Select(k => k.CanonicalId).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. declared.Keys.Where(k => !has.Contains(k.CanonicalId)).Select(k => new TrustDifference($"{name} lacks the key {Of(declared, k)}", $"add the key {Of(declared, k)} to {name}")),
            .. present.Keys.Where(k => !wanted.Contains(k.CanonicalId)).Select(k => new TrustDifference($"{name} has the key {Short(k.CanonicalId)}, which is not declared", $"remove the key {Short(k.CanonicalId)} from {name}")),
            .. present.Threshold == declared.Threshold ? (TrustDifference[])[] : [OfThreshold(declared, present)],
            .. present.Paths.ToHashSet(StringComparer.Ordinal).SetEquals(declared.Paths) ? (TrustDifference[])[] : [OfPaths(declared, present)],
        ];
    }

    private static TrustDifference OfThreshold(DeclaredRole declared, PublishedDelegation present) => new(
        FormattableString.Invariant($"{declared.Name} has the threshold {present.Threshold} instead of {declared.Threshold}"),
        FormattableString.Invariant($"set the threshold of {declared.Name} to {declared.Threshold}"));

    private static TrustDifference OfPaths(DeclaredRole declared, PublishedDelegation present) => new(
        $"{declared.Name} has the paths {Paths(present.Paths)} instead of {Paths(declared.Paths)}",
        $"set the paths of {declared.Name} to {Paths(declared.Paths)}");

    private static string Paths(IEnumerable<string> paths) => string.Join(' ', paths.Order(StringComparer.Ordinal).Select(p => $"\"{p}\""));
}

/// <summary>One difference between what is declared and what is published.</summary>
/// <param name="Finding">What is so.</param>
/// <param name="Change">What makes it right, in the imperative.</param>
internal sealed record TrustDifference(string Finding, string Change);

using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>The next root.</summary>
/// <param name="Version">One more than the present one's.</param>
/// <param name="Expires">When it ends.</param>
public sealed record RootChange(long Version, DateTimeOffset Expires)
{
    public required IReadOnlyList<TufKey> RootKeys { get; init; }

    public required IReadOnlyList<TufKey> TargetsKeys { get; init; }

    public required IReadOnlyList<TufKey> SnapshotKeys { get; init; }

    public required IReadOnlyList<TufKey> TimestampKeys { get; init; }

    /// <summary>Keys whose signatures it gets: those of the root before and of this one that the operator holds.</summary>
    public required IReadOnlyList<TufKey> SignWith { get; init; }

    /// <summary>Whether it says the same as another one but for its end.</summary>
    internal bool IsAs(RootChange other) =>
        Version == other.Version && Same(RootKeys, other.RootKeys) && Same(TargetsKeys, other.TargetsKeys) && Same(SnapshotKeys, other.SnapshotKeys) && Same(TimestampKeys, other.TimestampKeys);

    private static bool Same(IReadOnlyList<TufKey> one, IReadOnlyList<TufKey> other) =>
        one.Select(k => k.Id).ToHashSet(StringComparer.Ordinal).SetEquals(other.Select(k => k.Id));
}

/// <summary>A root that waits for signatures, with the keys that are still missing.</summary>
/// <param name="Root">What is to be signed.</param>
/// <param name="Missing">Ids of keys, of which one at least must sign in each group, and each that the root adds.</param>
public sealed record PendingRoot(RootChange Root, IReadOnlyList<string> Missing)
{
    /// <summary>Whether signatures were given of a key whose signature is missing all the same: of other bytes, or by another key.</summary>
    public bool IsSignedInvalidly(string missing, IReadOnlyList<OfflineSignature> given) =>
        given.Any(s => s.KeyId == missing || Root.RootKeys.Any(k => k.Id == missing && k.CanonicalId == s.KeyId));
}

/// <summary>The next version of a role that lists delegations or tags.</summary>
/// <param name="Name">The role.</param>
/// <param name="Version">One more than the present one's.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Delegations">The whole list; everything else of the role stays as it is.</param>
/// <param name="SignWith">The keys that sign it.</param>
public sealed record RoleChange(string Name, long Version, DateTimeOffset Expires, IReadOnlyList<PublishedDelegation> Delegations, IReadOnlyList<TufKey> SignWith);

using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>The trust data of a repository as it was read from the server and verified, but for its age: what has expired is here to be signed anew.</summary>
public sealed record PublishedTrust
{
    public required PublishedRoot Root { get; init; }

    /// <summary>The list of delegations.</summary>
    public required PublishedRole Targets { get; init; }

    public long SnapshotVersion { get; init; }

    public DateTimeOffset SnapshotExpires { get; init; }

    public long TimestampVersion { get; init; }

    /// <summary>What delegated roles have signed, by their names; only roles whose metadata verifies.</summary>
    public IReadOnlyDictionary<string, PublishedRole> Delegated { get; init; } = new Dictionary<string, PublishedRole>(StringComparer.Ordinal);

    /// <summary>Delegated roles whose metadata does not verify, with the check that failed.</summary>
    public IReadOnlyDictionary<string, string> Broken { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The role in whose metadata others are listed; null when it has none.</summary>
    public PublishedRole? Find(string role) => role == DelegationName.Top ? Targets : Delegated.GetValueOrDefault(role);
}

/// <summary>The root: which keys sign for root, targets, snapshot and timestamp.</summary>
public sealed record PublishedRoot(long Version, DateTimeOffset Expires)
{
    public required IReadOnlyList<TufKey> RootKeys { get; init; }

    public int RootThreshold { get; init; } = 1;

    public required IReadOnlyList<TufKey> TargetsKeys { get; init; }

    public required IReadOnlyList<TufKey> SnapshotKeys { get; init; }

    public required IReadOnlyList<TufKey> TimestampKeys { get; init; }

    /// <summary>Members that are not known here.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}

/// <summary>What a role has signed: tags, and delegations to other roles.</summary>
public sealed record PublishedRole(string Name, long Version, DateTimeOffset Expires)
{
    public IReadOnlyList<PublishedDelegation> Delegations { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Canonical ids of the keys whose signatures verify.</summary>
    public IReadOnlyList<string> Signers { get; init; } = [];

    /// <summary>Members of it and of its parts that are not known here. A server that signs snapshots does not keep them.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}

/// <summary>A delegation as the metadata of its parent lists it.</summary>
public sealed record PublishedDelegation(string Name, IReadOnlyList<TufKey> Keys, int Threshold, IReadOnlyList<string> Paths);

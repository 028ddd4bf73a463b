namespace Portcullis.Clients.Git;

/// <summary>A ref as a server advertises it. <see cref="Commit"/> is what an annotated tag stands for.</summary>
public sealed record GitRef(string Name, string Target, string Commit);

/// <summary>A commit, with the fields that are read of it. <see cref="Author"/> is <c>Name &lt;mail&gt;</c>.</summary>
public sealed record GitCommit(string Hash, string Author, DateTimeOffset Time, string Subject);

/// <summary>What a tree entry is.</summary>
public enum GitEntryType
{
    File,
    Symlink,
    Submodule,
}

public sealed record GitTreeEntry(string Path, string Id, GitEntryType Type);

/// <summary>A blob's content; null when it is larger than the limit it was asked with.</summary>
public sealed record GitBlob(string Id, long Size, byte[]? Content);

/// <summary>A path that differs between two commits, with its blob in each: null where there is none.</summary>
public sealed record GitDifference(string Path, string? Before, string? After);

/// <summary>A commit that gave a path this blob.</summary>
public sealed record GitTouch(string Path, string BlobId, string Commit, string Author);

/// <summary>A good signature. <see cref="Key"/> is a GPG fingerprint or <c>SHA256:…</c>, <see cref="Signer"/> the user id when the key names one.</summary>
public sealed record GitSignature(string Key, string? Signer)
{
    public override string ToString() => Signer is null ? Key : $"{Key} ({Signer})";
}

namespace Portcullis.Clients.Git;

/// <summary>What kind of thing went wrong, for the caller to decide by.</summary>
public enum GitFailure
{
    /// <summary>No answer, or not in time: try again later.</summary>
    Unreachable,

    /// <summary>Credentials missing or refused, an unknown host key, a certificate that does not verify.</summary>
    Denied,

    /// <summary>There is no such repository.</summary>
    NoRepository,

    /// <summary>There is no such branch, tag or commit in it.</summary>
    NoReference,

    /// <summary>The URL's way of transport is not allowed, or the server redirects.</summary>
    NotAllowed,

    /// <summary>The disk of the cache is full or cannot be written.</summary>
    Disk,

    /// <summary>The repository itself is damaged at its server; ours is not.</summary>
    RemoteDamaged,

    /// <summary>The cache is damaged; it is to be thrown away.</summary>
    Damaged,

    /// <summary>The repository is kept in a format that is not read, as one with SHA-256 hashes is.</summary>
    Unsupported,

    /// <summary>Larger than what is read.</summary>
    TooLarge,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>git could not do what was asked. The message is safe to show: no credentials, one line.</summary>
public sealed class GitException(GitFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public GitFailure Failure { get; } = failure;
}

using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>What the Notary server answered about a repository.</summary>
public abstract record ServerTrust
{
    private ServerTrust()
    {
    }

    /// <summary>It has trust data, whose root a pinned key has signed.</summary>
    public sealed record Present(PublishedTrust Trust) : ServerTrust;

    /// <summary>It has none.</summary>
    public sealed record Missing : ServerTrust;

    /// <summary>What it has does not verify, or no pinned key has signed its root: nothing of it is changed.</summary>
    public sealed record Rejected(string Message) : ServerTrust;

    /// <summary>It did not answer, or refused us.</summary>
    public sealed record Unreachable(string Message) : ServerTrust;
}

/// <summary>The public keys that the server signs with for a repository.</summary>
public sealed record ServerKeys(TufKey Snapshot, TufKey Timestamp);

/// <summary>What is remembered of a repository since it was last found as declared.</summary>
/// <param name="Declared">What was declared then, as <see cref="DeclaredTrust.Digest"/>.</param>
/// <param name="Root">The version of the root; 0 when it was never seen.</param>
/// <param name="Targets">The version of the list of delegations.</param>
/// <param name="Snapshot">The version of the snapshot.</param>
/// <param name="Timestamp">The version of the timestamp.</param>
public sealed record RememberedTrust(string? Declared, long Root, long Targets, long Snapshot, long Timestamp)
{
    public static RememberedTrust Nothing { get; } = new(null, 0, 0, 0, 0);
}

namespace Portcullis.Core.Signing;

/// <summary>What a verifier found out about a repository. Only <see cref="Verified"/> can make an image trusted.</summary>
public abstract record TrustFinding
{
    private TrustFinding()
    {
    }

    /// <summary>The trust data is valid.</summary>
    public sealed record Verified(RepositoryTrust Trust) : TrustFinding;

    /// <summary>There is no trust data: nobody has ever signed anything there.</summary>
    public sealed record Absent(string Message) : TrustFinding;

    /// <summary>There is trust data, and it must not be believed. The message says which check failed, of which role.</summary>
    public sealed record Rejected(string Message) : TrustFinding;

    /// <summary>It is not known: the server is away, slow, or refuses us. Not known is never trusted.</summary>
    public sealed record Unreachable(string Message) : TrustFinding;
}

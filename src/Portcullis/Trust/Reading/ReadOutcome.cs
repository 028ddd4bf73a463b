using Portcullis.Clients.Notary;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>What asking a Notary server came to.</summary>
internal abstract record ReadOutcome
{
    private ReadOutcome()
    {
    }

    /// <summary>What the server has is valid, and not older than what was known.</summary>
    /// <param name="Reading">The same object as before when nothing has changed.</param>
    public sealed record Verified(TrustReading Reading) : ReadOutcome;

    /// <summary>The server says that it has no trust data under the name.</summary>
    public sealed record Absent(string Message) : ReadOutcome;

    /// <summary>What the server has must not be believed. The message says which check failed, of which role.</summary>
    public sealed record Rejected(string Message) : ReadOutcome;

    /// <summary>The server is away, slow, or refuses us.</summary>
    public sealed record Unreachable(string Message) : ReadOutcome;
}

/// <summary>Asks a server for the trust data of a name. It does not throw, but for its own cancellation.</summary>
/// <param name="anchor">Where trust begins.</param>
/// <param name="server">Whom to ask.</param>
/// <param name="known">What was verified before; null for nothing.</param>
/// <param name="seen">The versions of what was verified before, when that itself is not known any more; null for none.</param>
/// <param name="cancellationToken">Ends the asking.</param>
internal delegate Task<ReadOutcome> ReadTrust(TrustAnchor anchor, NotaryClient server, TrustReading? known, SeenVersions? seen, CancellationToken cancellationToken);

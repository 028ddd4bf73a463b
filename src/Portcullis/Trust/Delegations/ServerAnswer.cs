using Portcullis.Clients.Notary;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Delegations;

/// <summary>What a Notary server said of a name.</summary>
/// <param name="Trust">For the planner.</param>
internal sealed record ServerAnswer(ServerTrust Trust)
{
    /// <summary>Null when there is no way to it.</summary>
    public NotaryClient? Server { get; init; }

    /// <summary>The verified files; null when there are none.</summary>
    public TrustedSet? Set { get; init; }

    /// <summary>Null when it was not asked for them, or did not say.</summary>
    public ServerKeys? Keys { get; init; }
}

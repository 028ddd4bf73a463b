using System.Net.Http.Headers;

namespace Portcullis.Clients.Registry.Authorization;

/// <summary>
/// Gives each request to a registry its credential. Who mints tokens implements <see cref="AuthorizeAsync"/> alone, and no request is made
/// that only asks for a challenge. Called by several requests at once.
/// </summary>
public interface IRegistryAuthorization
{
    /// <summary>The credential for a request that needs these rights; null to send it without.</summary>
    ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(RegistryAccess access, CancellationToken cancellationToken);

    /// <summary>
    /// The registry answered 401 with these challenges. Another credential, with which the request is sent once more; null when there is none.
    /// </summary>
    /// <param name="access">What the request needs.</param>
    /// <param name="challenges">In the registry's order.</param>
    /// <param name="rejected">What was sent; null for nothing.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    ValueTask<AuthenticationHeaderValue?> AnswerAsync(
        RegistryAccess access, IReadOnlyList<AuthChallenge> challenges, AuthenticationHeaderValue? rejected, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AuthenticationHeaderValue?>(null);
}

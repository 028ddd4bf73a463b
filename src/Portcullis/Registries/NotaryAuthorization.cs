using System.Net.Http.Headers;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Core.Identity;
using Portcullis.Tokens;

namespace Portcullis.Registries;

/// <summary>Gives each request to a Notary server a token of the program's own. Such a server knows pull, push, and <c>*</c> for what owners alone do.</summary>
internal sealed class NotaryAuthorization(UpstreamTokens tokens) : IRegistryAuthorization
{
    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(RegistryAccess access, CancellationToken cancellationToken) =>
        new(new AuthenticationHeaderValue("Bearer", tokens.For(AccessOf(access))));

    private static TokenAccess AccessOf(RegistryAccess access)
    {
        if (access.Repository is not { } name)
        {
            return TokenAccess.Catalog;
        }

        IReadOnlyList<string> actions = access.Actions.HasFlag(RegistryActions.Delete) ? [ActionNames.All]
            : access.Actions.HasFlag(RegistryActions.Push) ? [ActionNames.Pull, ActionNames.Push]
            : [ActionNames.Pull];
        return new TokenAccess(TokenAccess.RepositoryType, name, actions);
    }
}

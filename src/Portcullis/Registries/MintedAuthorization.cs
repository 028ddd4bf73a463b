using System.Net.Http.Headers;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Core.Identity;
using Portcullis.Tokens;

namespace Portcullis.Registries;

/// <summary>Gives each request a token of the program's own that allows just this request.</summary>
internal sealed class MintedAuthorization(UpstreamTokens tokens) : IRegistryAuthorization
{
    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(RegistryAccess access, CancellationToken cancellationToken) =>
        new(new AuthenticationHeaderValue("Bearer", tokens.For([.. AccessOf(access)])));

    private static IEnumerable<TokenAccess> AccessOf(RegistryAccess access)
    {
        if (access.Repository is not { } repository)
        {
            yield return TokenAccess.Catalog;
            yield break;
        }

        yield return TokenAccess.Repository(repository, ActionsOf(access.Actions));
        if (access.MountFrom is { } from)
        {
            yield return TokenAccess.Repository(from, RepositoryActions.Pull);
        }
    }

    private static RepositoryActions ActionsOf(RegistryActions actions) =>
        (actions.HasFlag(RegistryActions.Pull) ? RepositoryActions.Pull : RepositoryActions.None)
        | (actions.HasFlag(RegistryActions.Push) ? RepositoryActions.Push : RepositoryActions.None)
        | (actions.HasFlag(RegistryActions.Delete) ? RepositoryActions.Delete : RepositoryActions.None);
}

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
            yield return new TokenAccess("registry", "catalog", ["*"]);
            yield break;
        }

        yield return new TokenAccess("repository", repository, [.. Actions(access.Actions)]);
        if (access.MountFrom is { } from)
        {
            yield return new TokenAccess("repository", from, ["pull"]);
        }
    }

    private static IEnumerable<string> Actions(RegistryActions actions)
    {
        if (actions.HasFlag(RegistryActions.Pull))
        {
            yield return "pull";
        }

        if (actions.HasFlag(RegistryActions.Push))
        {
            yield return "push";
        }

        if (actions.HasFlag(RegistryActions.Delete))
        {
            yield return "delete";
        }
    }
}

using Portcullis.Access;
using Portcullis.Core.Identity;
using Portcullis.Core.Repositories;
using Portcullis.Identity.Stored;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.TokenService;

/// <summary>All that log-ins and tokens are decided from. Before it has been read once, a right password would be refused and a grant overlooked.</summary>
internal sealed class TokenServiceStores(
    AccessStores access, IStore<Repository> repositories, IStore<IdentityProvider> providers, IStore<SourceSecret> secrets, IStore<AccessTokenSecret> accessTokens)
{
    private volatile bool _areRead;

    public bool AreRead => _areRead || (_areRead =
        access.Collections.IsSynced && access.Namespaces.IsSynced && access.Nodes.IsSynced && access.Organizations.IsSynced
        && access.Roles.IsSynced && access.Grants.IsSynced && access.Sources.IsSynced
        && repositories.IsSynced && providers.IsSynced && secrets.IsSynced && accessTokens.IsSynced);
}

using Portcullis.Clients.Notary;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Stores;
using Portcullis.Registries;
using Portcullis.Signing;
using Portcullis.Trust.Reading;

namespace Portcullis.Trust;

/// <summary>Signatures as Docker Content Trust has them: TUF metadata of a Notary v1 server, verified from the root keys that a TrustDelegation pins.</summary>
internal sealed class NotaryVerifier(ITrustAnchors anchors, IStore<Registry> registries, RegistryConnections connections, TrustCache cache) : IImageVerifier
{
    public string Name => "notary";

    public async ValueTask<TrustFinding> FindAsync(RepositoryId repository, Freshness freshness, CancellationToken cancellationToken)
    {
        if (registries.Get(ObjectKey.Cluster(repository.Registry)) is not { } registry)
        {
            return new TrustFinding.Unreachable($"there is no Registry {repository.Registry}");
        }

        if (anchors.OfRepository(repository) is not { } anchor)
        {
            return new TrustFinding.Absent($"no TrustDelegation pins root keys for {registry.Spec.Host}/{repository.Name}, and nothing else begins trust: what is signed there does not count");
        }

        NotaryClient? server;
        try
        {
            server = (await connections.ConnectNotaryAsync(registry, cancellationToken))?.Notary;
        }
        catch (RegistryUnavailableException e)
        {
            return new TrustFinding.Unreachable($"the Notary server of the Registry {repository.Registry}: {e.Message}");
        }

        return server is null
            ? new TrustFinding.Absent($"the Registry {repository.Registry} has no Notary server (spec.notary)")
            : await cache.FindAsync(anchor, server, freshness, cancellationToken);
    }
}

using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Delegations;

/// <summary>The root keys that TrustDelegations pin.</summary>
internal sealed class DeclaredAnchors(TrustStores stores) : ITrustAnchors
{
    public TrustAnchor? OfRepository(RepositoryId repository)
    {
        var declarations = stores.Of(repository);
        if (declarations.Count == 0 || stores.Registry(repository.Registry) is not { } registry)
        {
            return null;
        }

        var pinned = declarations.Select(PinnedKeys.Of).Where(k => k.Count > 0).ToList();
        return pinned.Count > 0 && pinned.All(p => p.SequenceEqual(pinned[0]))
            ? new TrustAnchor($"{registry.Spec.Host}/{repository.Name}", pinned[0])
            : null;
    }
}

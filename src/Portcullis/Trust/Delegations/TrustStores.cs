using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Trust.Delegations;

/// <summary>What is declared of trust, and what it names.</summary>
internal sealed class TrustStores(IStore<TrustDelegation> delegations, IStore<Repository> repositories, IStore<Registry> registries, IStore<Organization> organizations)
{
    public Registry? Registry(string name) => registries.Get(ObjectKey.Cluster(name));

    /// <summary>The registries with a Notary server of which trust is declared.</summary>
    public IReadOnlyList<Registry> RegistriesWithTrust() =>
        [.. delegations.List().Where(d => !d.Metadata.IsBeingDeleted).Select(d => d.Spec.Registry).Distinct(StringComparer.Ordinal).Select(Registry).OfType<Registry>().Where(r => r.Spec.Notary is not null)];

    public OrganizationSpec? Organization(string name) => organizations.Get(ObjectKey.Cluster(name)) is { Metadata.IsBeingDeleted: false } found ? found.Spec : null;

    /// <summary>The declarations that are in force for a repository, in the order of their names.</summary>
    public IReadOnlyList<TrustDelegation> Of(RepositoryId repository) =>
    [
        .. delegations.Find(TrustIndexes.ByRegistry, repository.Registry)
            .Where(d => !d.Metadata.IsBeingDeleted && Core.Glob.CoversAny(d.Spec.Repositories, repository.Name))
            .OrderBy(d => d.Key),
    ];

    /// <summary>The declared repositories that a declaration is for, in the order of their names.</summary>
    public IReadOnlyList<RepositoryId> RepositoriesOf(TrustDelegationSpec spec) =>
    [
        .. repositories.List()
            .Where(r => r.Spec.Registry == spec.Registry && !r.Metadata.IsBeingDeleted && Core.Glob.CoversAny(spec.Repositories, r.Spec.Name))
            .Select(r => r.Spec.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => new RepositoryId(spec.Registry, name)),
    ];
}

using Portcullis.Access;
using Portcullis.Core.Access;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Writes;

namespace Portcullis.Gateway.Access;

/// <summary>What is declared and granted, from the stores: the last that is known of it while the Kubernetes API does not answer.</summary>
internal sealed class RepositoryPolicies(DeclaredRepositories declared, IStore<Repository> repositories, AccessState access, TimeProvider time) : IRepositoryPolicies
{
    public Repository? Find(RepositoryId repository) => declared.Find(repository);

    public IReadOnlyList<Repository> Of(string registry) => [.. repositories.List().Where(r => r.Spec.Registry == registry)];

    public RepositoryGrant? GreatestOn(AccessUser user, string repository) => access.Current.Repositories.GreatestOn(user, repository, time.GetUtcNow());
}

using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Repositories.Writes;

/// <summary>Finds what Git declares of a repository by its name in the registry.</summary>
internal sealed class DeclaredRepositories(IStore<Repository> repositories, IStore<Registry> registries)
{
    /// <summary>Null when no Repository declares it. Of two that do, which validation refuses, the first by name counts.</summary>
    public Repository? Find(RepositoryId id) =>
        repositories.Find(RepositoryIndexes.ByName, id.ToString()).Where(r => !r.Metadata.IsBeingDeleted).MinBy(r => r.Key);

    /// <summary>The host that clients use; the Registry's name when there is none.</summary>
    public string HostOf(string registry) => registries.Get(ObjectKey.Cluster(registry))?.Spec.Host ?? registry;

    public static RepositoryId IdOf(Repository repository) => new(repository.Spec.Registry, repository.Spec.Name);
}

using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Repositories.Writes;

/// <summary>By what repositories are found.</summary>
internal static class RepositoryIndexes
{
    public const string ByName = "name";

    public static void Add(StoreOptions<Repository> options) => options.Index(ByName, r => [DeclaredRepositories.IdOf(r).ToString()]);
}

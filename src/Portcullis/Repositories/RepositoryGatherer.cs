using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Repositories;

/// <summary>Reads what a repository is judged by.</summary>
internal sealed class RepositoryGatherer(IStore<Registry> registries, DeclaredRepositories declared, IStore<WebhookDelivery> deliveries, TagLedgers ledgers)
{
    public Registry? RegistryOf(Repository repository) => registries.Get(ObjectKey.Cluster(repository.Spec.Registry));

    /// <summary>The other object that declares the same repository and counts; null when this one does.</summary>
    public string? OtherDeclarationOf(Repository repository) =>
        declared.Find(DeclaredRepositories.IdOf(repository)) is { } counted && counted.Key != repository.Key ? counted.Key.Name : null;

    public async Task<RepositoryReadBack> ReadBackAsync(Repository repository, Registry? registry, CancellationToken cancellationToken)
    {
        var mine = deliveries.List().Where(d => d.Spec.Repository == repository.Key.Name).ToList();
        var dead = mine.Count(d => d.Status?.State == DeliveryState.DeadLetter);
        return new RepositoryReadBack(registry?.Spec.Host, await ledgers.ReadAllAsync(DeclaredRepositories.IdOf(repository), cancellationToken))
        {
            DeclaredBy = OtherDeclarationOf(repository),
            DeadLetters = dead,
            PendingDeliveries = mine.Count - dead,
            NextPoll = TimeSpan.Zero,
        };
    }
}

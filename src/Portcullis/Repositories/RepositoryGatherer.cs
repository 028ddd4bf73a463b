using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Core.Webhooks;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Repositories;

/// <summary>Reads what a repository is judged by.</summary>
internal sealed class RepositoryGatherer(
    IStore<Registry> registries, DeclaredRepositories declared, IStore<WebhookDelivery> deliveries, IStore<ImageScan> scans, TagLedgers ledgers, IWebhookChecks webhooks)
{
    public Registry? RegistryOf(Repository repository) => registries.Get(ObjectKey.Cluster(repository.Spec.Registry));

    /// <summary>The other object that declares the same repository and counts; null when this one does.</summary>
    public string? OtherDeclarationOf(Repository repository) =>
        declared.Find(DeclaredRepositories.IdOf(repository)) is { } counted && counted.Key != repository.Key ? counted.Key.Name : null;

    /// <param name="repository">The repository.</param>
    /// <param name="registry">Its Registry.</param>
    /// <param name="isWritten">Whether the ledger was just written: the store may not have that yet, and is right otherwise.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<RepositoryReadBack> ReadBackAsync(Repository repository, Registry? registry, bool isWritten, CancellationToken cancellationToken)
    {
        var id = DeclaredRepositories.IdOf(repository);
        var mine = deliveries.List().Where(d => d.Spec.Repository == repository.Key.Name).ToList();
        var dead = mine.Count(d => d.Status?.State == DeliveryState.DeadLetter);
        return new RepositoryReadBack(registry?.Spec.Host, isWritten ? await ledgers.ReadAllAsync(id, cancellationToken) : ledgers.Of(id))
        {
            DeclaredBy = OtherDeclarationOf(repository),
            Scans = ScanSummary.Of(scans.Find(ImageScanIndexes.ByRepository, DeclaredRepositories.IdOf(repository).ToString())),
            DeadLetters = dead,
            PendingDeliveries = mine.Count - dead,
            WebhookProblems = await webhooks.ProblemsOfAsync(repository, cancellationToken),
            NextPoll = TimeSpan.Zero,
        };
    }
}

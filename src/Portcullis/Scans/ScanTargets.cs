using Portcullis.Actions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Scans;

/// <summary>A repository's side of scans: it has an ImageScan for each image that its ledger leads to. The target is the Repository.</summary>
internal sealed class ScanTargets(ScanStores stores, DeclaredRepositories declared, TagLedgers ledgers, ActionRunner runner, KubernetesClient client, ReconcileTrigger<ImageScan> trigger) : ITargetReconciler
{
    public string Name => "repositoryscans";

    public IEnumerable<ObjectKey> Targets() => stores.Repositories.List().Select(r => r.Key);

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) =>
    [
        stores.Repositories.Subscribe(change => queue.Disturbed(change.Key)),
        stores.Ledgers.Subscribe(change => OnLedger(change, queue)),
        stores.Scans.Subscribe(change => OnScan(change, queue)),
    ];

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        if (stores.Repositories.Get(target) is not { } repository || repository.Spec.Suspend == true || DeclaredRepositories.IdOf(repository) is var id && declared.Find(id)?.Key != target)
        {
            return new TargetResult([]);
        }

        var plan = ScanPlanner.Plan(repository.Spec, ledgers.Of(id), stores.ScansOf(id));
        return new TargetResult(await runner.RunAsync("imagescans", plan, new ScanExecutor(repository, client), cancellationToken));
    }

    private void OnLedger(Change<TagLedger> change, ITargetQueue queue)
    {
        if ((change.After ?? change.Before) is not { } ledger || new RepositoryId(ledger.Spec.Registry, ledger.Spec.Repository) is var id && declared.Find(id) is not { } repository)
        {
            return;
        }

        queue.Disturbed(repository.Key);
        if (repository.Spec.EvidenceAuthors is { Count: > 0 })
        {
            // A list of referrers that changed: somebody attached something to an image.
            var before = (change.Before?.Spec.Entries ?? []).ToDictionary(e => e.Tag, e => e.Digest, StringComparer.Ordinal);
            foreach (var list in ledger.Spec.Entries.Where(e => TagName.IsReferrersFallback(e.Tag) && before.GetValueOrDefault(e.Tag) != e.Digest))
            {
                trigger.Enqueue(ImageScanNames.Key(id, list.Tag.Replace('-', ':')));
            }
        }
    }

    /// <summary>One that came or went, or an index whose images are known now.</summary>
    private void OnScan(Change<ImageScan> change, ITargetQueue queue)
    {
        var (before, after) = (change.Before, change.After);
        if (before is null || after is null || (before.Status?.Images is null) != (after.Status?.Images is null))
        {
            Disturb(queue, (after ?? before) is { } scan ? ImageScanNames.RepositoryOf(scan) : null);
        }
    }

    private void Disturb(ITargetQueue queue, RepositoryId? id)
    {
        if (id is { } known && declared.Find(known) is { } repository)
        {
            queue.Disturbed(repository.Key);
        }
    }
}

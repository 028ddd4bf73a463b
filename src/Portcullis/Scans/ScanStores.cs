using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Scans;

/// <summary>What the scanner reads of the cluster.</summary>
internal sealed record ScanStores(IStore<Repository> Repositories, IStore<TagLedger> Ledgers, IStore<ImageScan> Scans)
{
    /// <summary>The scans of a repository.</summary>
    public IReadOnlyList<ImageScan> ScansOf(RepositoryId repository) => Scans.Find(ImageScanIndexes.ByRepository, repository.ToString());
}

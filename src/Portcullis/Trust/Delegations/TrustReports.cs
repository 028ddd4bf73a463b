using System.Collections.Concurrent;
using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;

namespace Portcullis.Trust.Delegations;

/// <summary>What came of each repository at the last time, for the declarations that share it.</summary>
internal sealed class TrustReports
{
    private readonly ConcurrentDictionary<RepositoryId, (TrustReport Report, long At)> _reports = new();

    /// <summary>Null when it was not reconciled by this process yet.</summary>
    public TrustReport? Find(RepositoryId repository) => _reports.TryGetValue(repository, out var found) ? found.Report : null;

    /// <summary>The report, when it was begun at that time or later; else null.</summary>
    public TrustReport? FindSince(RepositoryId repository, long since) => _reports.TryGetValue(repository, out var found) && found.At >= since ? found.Report : null;

    /// <param name="repository">The repository.</param>
    /// <param name="report">What came of it.</param>
    /// <param name="at">When its reconcile began, as a timestamp of the clock.</param>
    public void Add(RepositoryId repository, TrustReport report, long at) => _reports[repository] = (report, at);

    public void Forget(RepositoryId repository) => _reports.TryRemove(repository, out _);
}

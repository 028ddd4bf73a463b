using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>What the agent needs of the cluster: what is asked of its node, the permission to restart, and somewhere to report to.</summary>
internal interface INodeCluster
{
    /// <summary>Whether what is asked of this node is known; until then it is held as last accepted.</summary>
    bool IsSynced { get; }

    /// <summary>Waits until everything has been read once.</summary>
    Task SyncAsync(CancellationToken cancellationToken);

    /// <summary>Calls back for everything that may change what is asked of this node.</summary>
    IDisposable Subscribe(Action changed);

    /// <summary>All there are, on whichever nodes.</summary>
    IReadOnlyList<NodeHardening> Hardenings();

    /// <summary>Those that select this node.</summary>
    IReadOnlyList<NodeHardening> Selecting();

    /// <summary>Of the Node object; none without one.</summary>
    IReadOnlyDictionary<string, string> NodeLabels();

    /// <summary>The id of the restart that the rollout permits; null when none.</summary>
    string? PermittedRestart();

    /// <summary>The requests to reconcile now, by NodeHardening.</summary>
    IReadOnlyDictionary<string, string> Requested();

    /// <summary>An Event on a NodeHardening.</summary>
    void Tell(string hardening, bool warning, string reason, string message);

    /// <summary>Writes the report when it says something new, or is about to look stale; false when that did not come about.</summary>
    Task<bool> ReportAsync(NodeReportStatus status, CancellationToken cancellationToken);
}

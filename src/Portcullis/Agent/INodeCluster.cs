using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>What the agent needs of the cluster: the declarations for its node, the permission to restart, and its report.</summary>
internal interface INodeCluster
{
    /// <summary>Whether everything has been read once.</summary>
    bool IsSynced { get; }

    /// <summary>Whether the declarations are known; until then the node is kept as last accepted.</summary>
    bool IsKnown { get; }

    /// <summary>Waits until everything has been read once.</summary>
    Task SyncAsync(CancellationToken cancellationToken);

    /// <summary>Calls back for every change that may concern this node.</summary>
    IDisposable Subscribe(Action changed);

    /// <summary>All NodeHardenings, of whichever nodes.</summary>
    IReadOnlyList<NodeHardening> Hardenings();

    /// <summary>Those that select this node.</summary>
    IReadOnlyList<NodeHardening> Selecting();

    /// <summary>Whether somebody paused a NodeHardening for now.</summary>
    bool IsPaused(NodeHardening hardening);

    /// <summary>Of the Node object; none when there is no such object.</summary>
    IReadOnlyDictionary<string, string> NodeLabels();

    /// <summary>The id of the restart that the rollout permits; null when none.</summary>
    string? PermittedRestart();

    /// <summary>The requests to reconcile now, by NodeHardening.</summary>
    IReadOnlyDictionary<string, string> Requested();

    /// <summary>Records an Event on a NodeHardening.</summary>
    void Record(string hardening, ReportedEvent reported);

    /// <summary>Writes the report when it says something new, or is about to look stale; false when it could not be written.</summary>
    Task<bool> ReportAsync(NodeReportStatus status, CancellationToken cancellationToken);
}

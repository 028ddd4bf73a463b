namespace Portcullis.Kubernetes.Controllers;

/// <summary>The result of one reconcile, from which the loop decides what happens to the key.</summary>
internal abstract record ReconcileResult
{
    private ReconcileResult()
    {
    }

    /// <summary>Done; reconciled again after this time, or only when something changes.</summary>
    public sealed record Done(TimeSpan? RequeueAfter, string Ready) : ReconcileResult;

    /// <summary>It failed: back off, but no longer than this; null for as long as failures last.</summary>
    public sealed record Failed(string Ready, TimeSpan? LongestPause) : ReconcileResult;

    /// <summary>Somebody else wrote at the same moment: retry shortly, no failure.</summary>
    public sealed record Conflict : ReconcileResult;
}

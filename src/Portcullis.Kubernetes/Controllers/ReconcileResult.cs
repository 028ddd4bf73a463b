namespace Portcullis.Kubernetes.Controllers;

/// <summary>The result of one reconcile, from which the loop decides what happens to the key.</summary>
internal abstract record ReconcileResult
{
    private ReconcileResult()
    {
    }

    /// <summary>Done; reconciled again after this time, or only when something changes.</summary>
    public sealed record Done(TimeSpan? RequeueAfter, string Ready) : ReconcileResult;

    /// <summary>It failed: back off. <paramref name="IsAway"/> when the server did not answer, which is not the object's fault.</summary>
    public sealed record Failed(string Ready, bool IsAway) : ReconcileResult;

    /// <summary>Somebody else wrote at the same moment: retry shortly, no failure.</summary>
    public sealed record Conflict : ReconcileResult;
}

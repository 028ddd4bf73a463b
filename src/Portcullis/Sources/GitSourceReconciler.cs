using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Sources;

/// <summary>
/// Makes the cluster hold what a repository declares. The repository is asked when it is time or somebody says so; the cluster is
/// compared with the revision in force at every visit, so that drift is undone also while the repository cannot be reached.
/// </summary>
internal sealed class GitSourceReconciler(SourceStates states, SourceLook look, SourceSync sync, SourceRemoval removal, SourceNews news, ReceiverPaths receivers)
    : IReconciler<GitSource, GitSourceStatus>, IFinalizer<GitSource>
{
    public async Task<Reconciled<GitSourceStatus>> ReconcileAsync(GitSource source, ReconcileContext context, CancellationToken cancellationToken)
    {
        var state = states.Of(source.Key);
        state.Reported ??= source.Status;
        var found = await look.LookAsync(source, state, context.Requested is not null, cancellationToken);
        var paths = await receivers.OfAsync(source, state, cancellationToken);
        if (state.InForce is null)
        {
            var nothing = SourceReport.WithoutRevision(source, state, found, paths);
            return Told(state, nothing with { Events = news.Of(source, state, found, null, nothing.Status, []) });
        }

        var (plan, drift) = await sync.SyncAsync(source, state, context, cancellationToken);
        await look.KeepAsync(source, state, cancellationToken);
        var report = sync.Report(source, state, found, plan, paths);
        return Told(state, report with { Events = news.Of(source, state, found, plan, report.Status, drift) });
    }

    public async Task<Outcome?> FinalizeAsync(GitSource resource, CancellationToken cancellationToken)
    {
        var state = states.Of(resource.Key);
        var waiting = await removal.RemoveAsync(resource, state, cancellationToken);
        if (waiting is null)
        {
            Discard(state);
            states.Remove(resource.Key);
        }

        return waiting;
    }

    private static void Discard(SourceState state)
    {
        try
        {
            state.Mirror?.Discard();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Room on the disk, and nothing else: nobody reads the mirror of a source that is gone.
        }
    }

    private static Reconciled<GitSourceStatus> Told(SourceState state, Reconciled<GitSourceStatus> report)
    {
        state.Reported = report.Status;
        return report;
    }
}

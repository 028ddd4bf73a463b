using Portcullis.Core.Sources;
using Portcullis.Declarations;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Sources.Apply;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources;

/// <summary>
/// Makes the cluster hold what a repository declares. The repository is asked when it is time or somebody says so; the cluster is
/// compared with the revision in force at every reconcile, so that drift is undone also while the repository cannot be reached.
/// </summary>
internal sealed class GitSourceReconciler(SourceStates states, SourceFetching fetching, SourceApplier applier, SourceRemoval removal, SourceReporter reporter, DeclarationRegister register)
    : IReconciler<GitSource, GitSourceStatus>, IFinalizer<GitSource>
{
    public async Task<Reconciled<GitSourceStatus>> ReconcileAsync(GitSource source, ReconcileContext context, CancellationToken cancellationToken)
    {
        var state = states.Of(source.Key);
        state.Report.Last ??= source.Status;
        var fetch = await fetching.FetchAsync(source, state, context.Requested is not null, cancellationToken);
        var run = state.InForce is null ? null : await applier.ApplyAsync(source, state, context, cancellationToken);
        await fetching.KeepAsync(source, state, cancellationToken);
        return await reporter.ReportAsync(source, state, fetch, run, cancellationToken);
    }

    public async Task<Outcome?> FinalizeAsync(GitSource resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        if (!resource.Metadata.IsBeingDeleted)
        {
            // It left Git and is kept: of what it declared our kinds lose their effect, and the rest stays as it is.
            register.Forget(resource.Key.Name);
            return null;
        }

        var state = states.Of(resource.Key);
        var unfinished = await removal.RemoveAsync(resource, state, cancellationToken);
        if (unfinished is null)
        {
            Discard(state);
            register.Forget(resource.Key.Name);
            states.Remove(resource.Key);
            reporter.Forget(resource);
        }

        return unfinished;
    }

    private static void Discard(SourceState state)
    {
        try
        {
            state.Fetch.Mirror?.Discard();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Room on the disk, and nothing else: nobody reads the mirror of a source that is gone.
        }
    }
}

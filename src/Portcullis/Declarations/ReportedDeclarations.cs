using Portcullis.Core;
using Portcullis.Core.Declarations;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Declarations;

namespace Portcullis.Declarations;

/// <summary>What is declared, by the statuses alone: for a process that reads no Git and no sources. It believes what the operator confirmed.</summary>
internal sealed class ReportedDeclarations : IDeclarations
{
    public DeclarationState Of<T>(T resource, Declaration? reported)
        where T : class, IResource<T>
    {
        var metadata = resource.Metadata;
        var isRefused = (resource as IControlled<ResourceStatus>)?.Status?.Conditions?.Any(c => c is { Type: ConditionTypes.Declared, Reason: Reasons.NotDeclared }) == true;
        return DeclarationJudge.Judge(new DeclarationFacts
        {
            Generation = metadata.Generation ?? 0,
            Uid = metadata.Uid,
            Source = isRefused || (metadata.IsBeingDeleted && reported is null) ? null : metadata.Label(WellKnown.Labels.Source) ?? reported?.Source,
            Reported = reported,
            HasSource = true,
        });
    }

    /// <summary>The operator takes its confirmation back before it deletes an object that left Git; one that goes with it was deleted by hand and comes back.</summary>
    public bool DeclaresMissing(ApiResource resource, ObjectKey key) => true;

    public IDisposable Subscribe(Action<DeclarationChange> react) => new Nothing();

    public Task<string> WhoChangedAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken) => Task.FromResult(Attribution.Nobody.ToString()!);

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}

using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Drift;

namespace Portcullis.Admission.Webhooks;

/// <summary>Records who writes managed objects, so that the Event of a revert can name the user. It admits everything.</summary>
internal sealed class EditObserver(EditLog log, OwnIdentity self, TimeProvider time) : IWebhook
{
    /// <summary>Finishes what somebody else asked for: it is not who deleted a namespace.</summary>
    private const string NamespaceController = "system:serviceaccount:kube-system:namespace-controller";

    private static readonly string[] Writes = ["CREATE", "UPDATE", "DELETE"];
    private static readonly WebhookRule Everything = new(["*"], ["*"], Writes);

    public WebhookDefinition Definition { get; } = new("/observe", WebhookPhase.Validating, WebhookFailurePolicy.Ignore, TimeSpan.FromSeconds(2))
    {
        Matches =
        [
            new WebhookMatch("observe-managed.portcullis.dev", Everything) { Objects = new RequiredLabel(WellKnown.Labels.ManagedBy, WellKnown.Labels.ManagedByValue) },
            new WebhookMatch("observe-declared.portcullis.dev", Everything) { Objects = new RequiredLabel(WellKnown.Labels.Source) },
            new WebhookMatch("observe-namespaces.portcullis.dev", new WebhookRule([""], ["namespaces", "nodes"], Writes))
            {
                Objects = new RequiredLabel(WellKnown.Labels.Collection),
            },
        ],
    };

    /// <summary>The writes of this process are not recorded.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => self.ReadAsync(cancellationToken);

    public ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!request.DryRun && !self.Is(request.User) && request.User != NamespaceController && request.Subresource.Length == 0 && request.Key.Name.Length > 0)
        {
            log.Record(request.QualifiedPlural, request.Key, new EditRecord(request.User, request.Operation, time.GetUtcNow()));
        }

        return ValueTask.FromResult(AdmissionResponse.Admit);
    }
}

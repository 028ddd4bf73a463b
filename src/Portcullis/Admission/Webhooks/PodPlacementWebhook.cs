using Portcullis.Core;
using Portcullis.Core.Collections;

namespace Portcullis.Admission.Webhooks;

/// <summary>Pods in namespaces of collections run on nodes of their own collection, and on no isolated nodes of another.</summary>
internal sealed class PodPlacementWebhook(NamespaceCollections collections) : IWebhook
{
    public WebhookDefinition Definition { get; } = new("/mutate-pods", WebhookPhase.Mutating, WebhookFailurePolicy.Fail, TimeSpan.FromSeconds(5))
    {
        Matches =
        [
            new WebhookMatch("pods.portcullis.dev", new WebhookRule([""], ["pods"], ["CREATE"])) { Namespaces = new RequiredLabel(WellKnown.Labels.Collection) },
        ],
    };

    public Task PrepareAsync(CancellationToken cancellationToken) => collections.WaitUntilKnownAsync(cancellationToken);

    public ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Decide(request));

    private AdmissionResponse Decide(AdmissionRequest request)
    {
        if (request.Object is not { } pod || request.IsByNode || collections.Find(request.Key.Namespace) is not { } collection)
        {
            return AdmissionResponse.Admit;
        }

        var placement = PodIsolation.Place(pod, collection.Guardrails.NodePool, collections.PoolOfNode);
        return placement.Refusal is { } refusal ? AdmissionResponse.Deny(refusal) : new AdmissionResponse(true, null, placement.Patch);
    }
}

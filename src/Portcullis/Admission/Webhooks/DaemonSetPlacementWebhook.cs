using Portcullis.Core;
using Portcullis.Core.Collections;

namespace Portcullis.Admission.Webhooks;

/// <summary>
/// DaemonSets in namespaces of collections say themselves on which nodes their pods may run. Their pods are placed in any case, so that nothing is
/// lost while no copy answers.
/// </summary>
internal sealed class DaemonSetPlacementWebhook(NamespaceCollections collections) : IWebhook
{
    public WebhookDefinition Definition { get; } = new("/mutate-daemonsets", WebhookPhase.Mutating, WebhookFailurePolicy.Ignore, TimeSpan.FromSeconds(5))
    {
        Matches =
        [
            new WebhookMatch("daemonsets.portcullis.dev", new WebhookRule(["apps"], ["daemonsets"], ["CREATE", "UPDATE"]))
            {
                Namespaces = new RequiredLabel(WellKnown.Labels.Collection),
            },
        ],
    };

    public Task PrepareAsync(CancellationToken cancellationToken) => collections.WaitUntilKnownAsync(cancellationToken);

    public ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Decide(request));

    private AdmissionResponse Decide(AdmissionRequest request)
    {
        if (request.Object is not { } daemonSet || collections.Find(request.Key.Namespace) is not { } collection)
        {
            return AdmissionResponse.Admit;
        }

        var placement = PodIsolation.PlaceTemplate(daemonSet, collection.Guardrails.NodePool, collections.PoolOfNode);
        return placement.Refusal is { } refusal ? AdmissionResponse.Deny(refusal) : new AdmissionResponse(true, null, placement.Patch);
    }
}

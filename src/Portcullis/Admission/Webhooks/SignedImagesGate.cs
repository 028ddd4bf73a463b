using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;
using Portcullis.Signing;

namespace Portcullis.Admission.Webhooks;

/// <summary>Whether the API server asks us about images, and admits none when nobody answers: read from the webhook configurations as they are.</summary>
internal sealed class SignedImagesGate(UntypedStores stores) : ISigningGate
{
    public string? FindGap() =>
        FindGap(ClusterKinds.MutatingWebhook, WebhookConfigurations.MutatingName, ImagePinningWebhook.MatchName)
        ?? FindGap(ClusterKinds.ValidatingWebhook, WebhookConfigurations.ValidatingName, SignedImagesWebhook.MatchName);

    private string? FindGap(ApiResource kind, string name, string webhook)
    {
        var entries = stores.Of(kind, WellKnown.Labels.ManagedSelector).Get(ObjectKey.Cluster(name)).Array("webhooks") ?? [];
        return entries.OfType<JsonObject>().FirstOrDefault(w => w.String("name") == webhook) switch
        {
            null => $"the {kind.Kind} {name} does not have {webhook}",
            var entry when entry.String("failurePolicy") != nameof(WebhookFailurePolicy.Fail) => $"{webhook} of the {kind.Kind} {name} admits everything while the operator does not answer",
            _ => null,
        };
    }
}

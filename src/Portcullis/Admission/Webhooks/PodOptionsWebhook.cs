using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Roles;

namespace Portcullis.Admission.Webhooks;

/// <summary>Pods and pod templates in namespaces of collections may use only the options that the role of their author allows.</summary>
internal sealed class PodOptionsWebhook(NamespaceCollections collections, PodOptionReview review) : IWebhook
{
    private static readonly string[] Writes = ["CREATE", "UPDATE"];

    public WebhookDefinition Definition { get; } = new("/validate-pods", WebhookPhase.Validating, WebhookFailurePolicy.Fail, TimeSpan.FromSeconds(5))
    {
        Matches =
        [
            new WebhookMatch(
                "pod-options.portcullis.dev",
                new WebhookRule([""], ["pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers"], Writes),
                new WebhookRule(["apps"], ["deployments", "statefulsets", "daemonsets", "replicasets"], Writes),
                new WebhookRule(["batch"], ["jobs", "cronjobs"], Writes))
            {
                Namespaces = new RequiredLabel(WellKnown.Labels.Collection),
            },
        ],
    };

    public Task PrepareAsync(CancellationToken cancellationToken) => collections.WaitUntilKnownAsync(cancellationToken);

    public async ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Object is not { } value || request.IsByNode || request.IsByWorkloadController)
        {
            return AdmissionResponse.Admit;
        }

        if (GainsToleration(request, value))
        {
            return AdmissionResponse.Deny("spec.tolerations: an update may not add a toleration for nodes of another collection");
        }

        return ChangesPodSpec(request, value) ? await ReviewAsync(request, value, cancellationToken) : AdmissionResponse.Admit;
    }

    private async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, JsonObject value, CancellationToken cancellationToken)
    {
        foreach (var asked in AskedOptions.Of(value).DistinctBy(a => a.Option))
        {
            if (!await review.MayUseAsync(request, asked.Option, cancellationToken))
            {
                return AdmissionResponse.Deny(
                    $"user \"{request.User}\" does not have permissions to use {asked.Option} for resource {request.Kind}: {asked.Field} "
                    + $"requires a role with this option in namespace {request.Key.Namespace}");
            }
        }

        return AdmissionResponse.Admit;
    }

    private bool GainsToleration(AdmissionRequest request, JsonObject value) =>
        request is { Resource: "pods", Operation: "UPDATE" }
        && collections.Find(request.Key.Namespace) is { } collection
        && PodIsolation.GainsToleration(request.OldObject, value, collection.Guardrails.NodePool);

    /// <summary>An update of anything else (replicas, labels, status) asks for no option.</summary>
    private static bool ChangesPodSpec(AdmissionRequest request, JsonObject value) =>
        request.OldObject is not { } old || !AskedOptions.AreSamePods(old, value);
}

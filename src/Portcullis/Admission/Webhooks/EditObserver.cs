using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Admission.Webhooks;

/// <summary>Records who writes managed objects, so that the Event of a revert can name the user. It admits everything.</summary>
internal sealed class EditObserver(EditLog log, KubernetesClient client, AdmissionOptions options, TimeProvider time) : IWebhook
{
    /// <summary>Finishes what somebody else asked for: it is not who deleted a namespace.</summary>
    private const string NamespaceController = "system:serviceaccount:kube-system:namespace-controller";

    private static readonly string[] Writes = ["CREATE", "UPDATE", "DELETE"];
    private static readonly WebhookRule Everything = new(["*"], ["*"], Writes);
    private string? _self;

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

    /// <summary>Asks the API server for the user name of this process, whose writes are not recorded.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var review = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "SelfSubjectReview" };
        var answer = await client.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", review, cancellationToken);
        _self = answer.Object("status").Object("userInfo").String("username");
    }

    public ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!request.DryRun && !IsOwn(request.User) && request.Subresource.Length == 0 && request.Key.Name.Length > 0)
        {
            log.Record(request.QualifiedPlural, request.Key, new EditRecord(request.User, request.Operation, time.GetUtcNow()));
        }

        return ValueTask.FromResult(AdmissionResponse.Admit);
    }

    private bool IsOwn(string user) =>
        user == _self
        || user == NamespaceController
        || options.OwnUsers.Contains(user)
        || user.StartsWith($"system:serviceaccount:{WellKnown.SystemNamespace}:", StringComparison.Ordinal);
}

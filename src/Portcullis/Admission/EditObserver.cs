using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>
/// Remembers who writes managed objects, so that a revert can name them. It never refuses: the object goes back to what Git says anyhow,
/// and a webhook that refuses is one more thing to be wedged by.
/// </summary>
internal sealed class EditObserver(EditLog log, IKubernetesClient client, AdmissionOptions options, TimeProvider time)
{
    private string? _self;

    /// <summary>Finds out under which name the API server knows this process.</summary>
    public async Task LearnSelfAsync(CancellationToken cancellationToken)
    {
        var review = new System.Text.Json.Nodes.JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "SelfSubjectReview" };
        var answer = await client.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", review, cancellationToken);
        _self = answer.Object("status").Object("userInfo").String("username");
    }

    public AdmissionAnswer Observe(AdmissionCall call)
    {
        if (!call.DryRun && !IsOwn(call.User) && call.Subresource.Length == 0 && call.Key.Name.Length > 0)
        {
            log.Record(call.QualifiedPlural, call.Key, new EditRecord(call.User, call.Operation, time.GetUtcNow()));
        }

        return AdmissionAnswer.Yes;
    }

    private bool IsOwn(string user) =>
        user == _self
        || options.OwnUsers.Contains(user)
        || user.StartsWith($"system:serviceaccount:{WellKnown.SystemNamespace}:", StringComparison.Ordinal);
}

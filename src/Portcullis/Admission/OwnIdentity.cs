using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>As whom the API server knows this process: its own writes are neither recorded as edits nor refused, those of no other account are exempt.</summary>
internal sealed class OwnIdentity(KubernetesClient client, AdmissionOptions options)
{
    private string? _user;

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (_user is null)
        {
            var review = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "SelfSubjectReview" };
            var answer = await client.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", review, cancellationToken);
            _user = answer.Object("status").Object("userInfo").String("username");
        }
    }

    public bool Is(string user) => user == _user || options.OwnUsers.Contains(user);
}

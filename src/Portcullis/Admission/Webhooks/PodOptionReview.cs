using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Roles;

namespace Portcullis.Admission.Webhooks;

/// <summary>Whether a user may use a pod option (see <see cref="PodOptions"/>).</summary>
internal sealed class PodOptionReview(CallerReview review)
{
    public Task<bool> MayUseAsync(AdmissionRequest request, string option, CancellationToken cancellationToken) => review.MayAsync(
        request,
        new JsonObject
        {
            ["namespace"] = request.Key.Namespace,
            ["group"] = WellKnown.Group,
            ["version"] = WellKnown.Version,
            ["resource"] = PodOptions.Resource,
            ["name"] = option,
            ["verb"] = PodOptions.Verb,
        },
        cancellationToken);
}

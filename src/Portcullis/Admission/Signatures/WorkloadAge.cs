using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core.Signing.Workloads;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Admission.Signatures;

/// <summary>Whether a controller of Kubernetes makes an object for a workload that was there before a time: what was made later was judged when it was made.</summary>
internal sealed class WorkloadAge(KubernetesClient client)
{
    /// <summary>A pod of a Job of a CronJob has two.</summary>
    private const int MostOwners = 3;

    /// <summary>False too when an owner cannot be read: not known is not old.</summary>
    public async Task<bool> IsBeforeAsync(AdmissionRequest request, DateTimeOffset time, CancellationToken cancellationToken)
    {
        if (request is not { IsByWorkloadController: true, Operation: "CREATE", Object: { } value })
        {
            return false;
        }

        try
        {
            for (var owners = 0; owners < MostOwners && WorkloadOwner.Of(value) is { } owner; owners++)
            {
                if (await client.GetAsync(owner.Resource, new ObjectKey(request.Key.Namespace, owner.Name), cancellationToken) is not { } found || found.Object("metadata").String("uid") != owner.Uid)
                {
                    return false;
                }

                if (CreatedAt(found) is { } created && created < time)
                {
                    return true;
                }

                value = found;
            }
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            return false;
        }

        return false;
    }

    private static DateTimeOffset? CreatedAt(JsonObject value) =>
        DateTimeOffset.TryParse(value.Object("metadata").String("creationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created) ? created : null;
}

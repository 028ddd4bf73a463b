using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission;

/// <summary>
/// Gives each pod its ServiceAccount (<c>default</c> unless named), refuses one that does not exist, and passes on the account's
/// image pull secrets. It mounts no token volume: nothing here runs pods, so nobody would read it.
/// </summary>
internal sealed class ServiceAccountPlugin(IObjectStore store) : IAdmissionPlugin
{
    public ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (!Concerns(request) || request.Object.Object("spec") is not { } spec)
        {
            return ValueTask.CompletedTask;
        }

        var name = spec.String("serviceAccountName") is { Length: > 0 } asked ? asked : "default";
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        var account = Find(request, name);
        if (spec.Array("imagePullSecrets") is null or { Count: 0 } && account.Object.Array("imagePullSecrets") is { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (Concerns(request))
        {
            _ = Find(request, request.Object.Object("spec").String("serviceAccountName") ?? "");
        }

        return ValueTask.CompletedTask;
    }

    private static bool Concerns(AdmissionAttributes request) =>
        request.Operation == "CREATE" && PodTemplates.IsPod(request.Resource) && request.Attributes.Subresource.Length == 0;

    private StoredObject Find(AdmissionAttributes request, string name) =>
        store.Get(PolicyKinds.ServiceAccount, new ObjectKey(request.Attributes.Namespace, name)) ??
        throw Denial.Forbidden(
            request, $"error looking up service account {request.Attributes.Namespace}/{name}: serviceaccount \"{name}\" not found");
}

using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission;

/// <summary>
/// Nothing is created in a namespace that is missing or on its way out, and the namespaces the cluster stands on are not deleted.
/// </summary>
internal sealed class NamespaceLifecycle(IObjectStore store) : IAdmissionPlugin
{
    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    public ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (request.Resource is { Group: "", Plural: "namespaces" })
        {
            if (request.Operation == "DELETE" && Immortal.Contains(request.Attributes.Name, StringComparer.Ordinal))
            {
                throw Denial.Forbidden(request, "this namespace may not be deleted");
            }
        }
        else if (request.Operation == "CREATE" && request.Attributes.Namespace.Length > 0 && request.Resource.Plural != "localsubjectaccessreviews")
        {
            CheckNamespace(request);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private void CheckNamespace(AdmissionAttributes request)
    {
        var name = request.Attributes.Namespace;
        if (store.Get(PolicyKinds.Namespace, ObjectKey.Cluster(name)) is not { } stored)
        {
            throw Denial.NotFound("", "namespaces", name);
        }

        if (stored.Object.Object("metadata").String("deletionTimestamp") is null && stored.Object.Object("status").String("phase") != "Terminating")
        {
            return;
        }

        var refusal = Denial.Forbidden(request, $"unable to create new content in namespace {name} because it is being terminated");
        refusal.Details!["causes"] = new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating",
            ["message"] = $"namespace {name} is being terminated",
            ["field"] = "metadata.namespace",
        });
        throw refusal;
    }
}

using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Roles;
using Portcullis.Grants;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>
/// Pods in namespaces of collections: on their own nodes, and asking only for what the caller's role lets them ask. Who may ask for what is
/// RBAC's to say (see <see cref="PodOptions"/>); the API server itself is asked, so whatever binds the caller counts.
/// </summary>
internal sealed class PodAdmission(AccessState access, IKubernetesClient client)
{
    private const string ReviewPath = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    public AdmissionAnswer Mutate(AdmissionCall call)
    {
        if (call.Object is not { } pod || access.Current.Tree.OfNamespace(call.Key.Namespace) is not { } collection || IsNode(call))
        {
            return AdmissionAnswer.Yes;
        }

        var placement = PodIsolation.Place(pod, collection.Guardrails.NodePool, PoolOfNode);
        return placement.Refusal is { } refusal ? AdmissionAnswer.No(refusal) : new AdmissionAnswer(true, null, placement.Patch);
    }

    public async Task<AdmissionAnswer> ValidateAsync(AdmissionCall call, CancellationToken cancellationToken)
    {
        if (call.Object is not { } value || IsNode(call) || IsWorkloadController(call.User))
        {
            return AdmissionAnswer.Yes;
        }

        var collection = access.Current.Tree.OfNamespace(call.Key.Namespace);
        if (collection is not null
            && call is { Resource: "pods", Operation: "UPDATE" }
            && PodIsolation.GainsToleration(call.OldObject, value, collection.Guardrails.NodePool))
        {
            return AdmissionAnswer.No("spec.tolerations: a pod may not gain a toleration of other collections' nodes");
        }

        // Who changes nothing of a pod's spec (scaling, labels, status) asks for nothing.
        if (call.OldObject is { } old && JsonNode.DeepEquals(AskedOptions.PodSpec(value)?.Spec, AskedOptions.PodSpec(old)?.Spec))
        {
            return AdmissionAnswer.Yes;
        }

        foreach (var asked in AskedOptions.Of(value).DistinctBy(a => a.Option))
        {
            if (!await MayUseAsync(call, asked.Option, cancellationToken))
            {
                return AdmissionAnswer.No(
                    $"user \"{call.User}\" does not have permissions to use {asked.Option} for resource {call.Kind}: {asked.Field} "
                    + $"needs a role with that option in namespace {call.Key.Namespace}");
            }
        }

        return AdmissionAnswer.Yes;
    }

    private string? PoolOfNode(string node) => access.Current.Tree.OfClusterNode(node)?.Guardrails.NodePool;

    private async Task<bool> MayUseAsync(AdmissionCall call, string option, CancellationToken cancellationToken)
    {
        var spec = new JsonObject
        {
            ["user"] = call.User,
            ["groups"] = new JsonArray([.. call.Groups.Select(g => (JsonNode)JsonValue.Create(g))]),
            ["extra"] = call.Extra.DeepClone(),
            ["resourceAttributes"] = new JsonObject
            {
                ["namespace"] = call.Key.Namespace,
                ["group"] = WellKnown.Group,
                ["version"] = WellKnown.Version,
                ["resource"] = PodOptions.Resource,
                ["name"] = option,
                ["verb"] = PodOptions.Verb,
            },
        };
        if (call.UserUid is { } uid)
        {
            spec["uid"] = uid;
        }

        var review = await client.PostAsync(
            ReviewPath, new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SubjectAccessReview", ["spec"] = spec }, cancellationToken);
        return review.Object("status")?["allowed"] is JsonValue allowed && allowed.TryGetValue(out bool yes) && yes;
    }

    /// <summary>A kubelet may make mirrors of its own static pods only (NodeRestriction sees to it).</summary>
    private static bool IsNode(AdmissionCall call) => call.Groups.Contains("system:nodes");

    /// <summary>
    /// Controllers of Kubernetes itself write out templates that were checked when their author wrote them. They are named one by one: the
    /// groups they are in hold others as well.
    /// </summary>
    private static bool IsWorkloadController(string user) => user is "system:kube-controller-manager"
        or "system:serviceaccount:kube-system:deployment-controller"
        or "system:serviceaccount:kube-system:replicaset-controller"
        or "system:serviceaccount:kube-system:replication-controller"
        or "system:serviceaccount:kube-system:statefulset-controller"
        or "system:serviceaccount:kube-system:daemon-set-controller"
        or "system:serviceaccount:kube-system:job-controller"
        or "system:serviceaccount:kube-system:cronjob-controller";
}

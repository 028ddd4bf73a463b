namespace Portcullis.Core.Revisions;

/// <summary>
/// Kinds of Kubernetes itself, for reading manifests without a server. With a server its own discovery is asked instead.
/// </summary>
public static class BuiltInKinds
{
    private static readonly Dictionary<(string ApiVersion, string Kind), ApiResource> Known = new[]
    {
        Of("", "v1", false, ("Namespace", "namespaces"), ("Node", "nodes"), ("PersistentVolume", "persistentvolumes")),
        Of("", "v1", true, ("ConfigMap", "configmaps"), ("Secret", "secrets"), ("ServiceAccount", "serviceaccounts"), ("Service", "services"),
            ("Pod", "pods"), ("ResourceQuota", "resourcequotas"), ("LimitRange", "limitranges"), ("PersistentVolumeClaim", "persistentvolumeclaims"),
            ("Endpoints", "endpoints"), ("PodTemplate", "podtemplates"), ("ReplicationController", "replicationcontrollers"), ("Event", "events")),
        Of("apps", "v1", true, ("Deployment", "deployments"), ("StatefulSet", "statefulsets"), ("DaemonSet", "daemonsets"), ("ReplicaSet", "replicasets"),
            ("ControllerRevision", "controllerrevisions")),
        Of("batch", "v1", true, ("Job", "jobs"), ("CronJob", "cronjobs")),
        Of("networking.k8s.io", "v1", true, ("NetworkPolicy", "networkpolicies"), ("Ingress", "ingresses")),
        Of("networking.k8s.io", "v1", false, ("IngressClass", "ingressclasses"), ("IPAddress", "ipaddresses"), ("ServiceCIDR", "servicecidrs")),
        Of("rbac.authorization.k8s.io", "v1", true, ("Role", "roles"), ("RoleBinding", "rolebindings")),
        Of("rbac.authorization.k8s.io", "v1", false, ("ClusterRole", "clusterroles"), ("ClusterRoleBinding", "clusterrolebindings")),
        Of("policy", "v1", true, ("PodDisruptionBudget", "poddisruptionbudgets")),
        Of("discovery.k8s.io", "v1", true, ("EndpointSlice", "endpointslices")),
        Of("autoscaling", "v1", true, ("HorizontalPodAutoscaler", "horizontalpodautoscalers")),
        Of("autoscaling", "v2", true, ("HorizontalPodAutoscaler", "horizontalpodautoscalers")),
        Of("storage.k8s.io", "v1", false, ("StorageClass", "storageclasses"), ("CSIDriver", "csidrivers"), ("CSINode", "csinodes"),
            ("VolumeAttachment", "volumeattachments"), ("VolumeAttributesClass", "volumeattributesclasses")),
        Of("storage.k8s.io", "v1", true, ("CSIStorageCapacity", "csistoragecapacities")),
        Of("events.k8s.io", "v1", true, ("Event", "events")),
        Of("certificates.k8s.io", "v1", false, ("CertificateSigningRequest", "certificatesigningrequests")),
        Of("node.k8s.io", "v1", false, ("RuntimeClass", "runtimeclasses")),
        Of("flowcontrol.apiserver.k8s.io", "v1", false, ("FlowSchema", "flowschemas"), ("PriorityLevelConfiguration", "prioritylevelconfigurations")),
        Of("apiregistration.k8s.io", "v1", false, ("APIService", "apiservices")),
        Of("resource.k8s.io", "v1", false, ("DeviceClass", "deviceclasses"), ("ResourceSlice", "resourceslices")),
        Of("resource.k8s.io", "v1", true, ("ResourceClaim", "resourceclaims"), ("ResourceClaimTemplate", "resourceclaimtemplates")),
        Of("scheduling.k8s.io", "v1", false, ("PriorityClass", "priorityclasses")),
        Of("coordination.k8s.io", "v1", true, ("Lease", "leases")),
        Of("apiextensions.k8s.io", "v1", false, ("CustomResourceDefinition", "customresourcedefinitions")),
        Of("admissionregistration.k8s.io", "v1", false, ("ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
            ("MutatingWebhookConfiguration", "mutatingwebhookconfigurations"), ("ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
            ("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings")),
    }.SelectMany(r => r).ToDictionary(r => (r.ApiVersion, r.Kind));

    public static IReadOnlyCollection<ApiResource> All => Known.Values;

    public static ApiResource? Find(string apiVersion, string kind) => Known.GetValueOrDefault((apiVersion, kind));

    private static IEnumerable<ApiResource> Of(string group, string version, bool namespaced, params (string Kind, string Plural)[] kinds) =>
        kinds.Select(k => new ApiResource(group, version, k.Kind, k.Plural, namespaced));
}

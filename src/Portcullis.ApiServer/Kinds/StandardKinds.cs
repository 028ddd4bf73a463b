
namespace Portcullis.ApiServer.Kinds;

/// <summary>The kinds that are there without a CRD, from the schemas beside this file.</summary>
internal static class StandardKinds
{
    private static readonly HashSet<string> WithGeneration = new(StringComparer.Ordinal)
    {
        "Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "NetworkPolicy", "PriorityClass",
        "CustomResourceDefinition", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration",
    };

    private static readonly IReadOnlyList<string> WithoutDeleteCollection = ["create", "delete", "get", "list", "patch", "update", "watch"];

    public static readonly ApiResource Namespaces = new("", "v1", "Namespace", "namespaces", false) { ShortNames = ["ns"] };

    public static readonly ApiResource Events = new("", "v1", "Event", "events", true) { ShortNames = ["ev"] };

    public static readonly ApiResource NewEvents = new("events.k8s.io", "v1", "Event", "events", true) { ShortNames = ["ev"] };

    public static readonly ApiResource Crds =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false)
        {
            ShortNames = ["crd", "crds"],
            Categories = ["api-extensions"],
        };

    private static readonly ScalePaths Replicas = new(".spec.replicas", ".status.replicas", ".status.selector");

    public static IReadOnlyList<ServedKind> Load()
    {
        var text = BuiltInSchemas.Text;
        return Core().Concat(Groups()).Select(r => Build(r, text)).Append(NewEvent(text)).ToList();
    }

    private static IEnumerable<ApiResource> Core() =>
    [
        new("", "v1", "ConfigMap", "configmaps", true) { ShortNames = ["cm"] },
        new("", "v1", "Endpoints", "endpoints", true) { ShortNames = ["ep"], Singular = "endpoints" },
        Events,
        new("", "v1", "LimitRange", "limitranges", true) { ShortNames = ["limits"] },
        Namespaces,
        new("", "v1", "Node", "nodes", false) { ShortNames = ["no"] },
        new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true) { ShortNames = ["pvc"] },
        new("", "v1", "Pod", "pods", true) { ShortNames = ["po"], Categories = ["all"] },
        new("", "v1", "ResourceQuota", "resourcequotas", true) { ShortNames = ["quota"] },
        new("", "v1", "Secret", "secrets", true),
        new("", "v1", "ServiceAccount", "serviceaccounts", true) { ShortNames = ["sa"] },
        new("", "v1", "Service", "services", true) { ShortNames = ["svc"], Categories = ["all"] },
    ];

    private static IEnumerable<ApiResource> Groups() =>
    [
        new("apps", "v1", "DaemonSet", "daemonsets", true) { ShortNames = ["ds"], Categories = ["all"] },
        new("apps", "v1", "Deployment", "deployments", true) { ShortNames = ["deploy"], Categories = ["all"] },
        new("apps", "v1", "ReplicaSet", "replicasets", true) { ShortNames = ["rs"], Categories = ["all"] },
        new("apps", "v1", "StatefulSet", "statefulsets", true) { ShortNames = ["sts"], Categories = ["all"] },
        new("batch", "v1", "CronJob", "cronjobs", true) { ShortNames = ["cj"], Categories = ["all"] },
        new("batch", "v1", "Job", "jobs", true) { Categories = ["all"] },
        new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true) { ShortNames = ["netpol"] },
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false),
        new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false),
        new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true),
        new("rbac.authorization.k8s.io", "v1", "Role", "roles", true),
        new("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false)
        {
            Categories = ["api-extensions"],
        },
        new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false)
        {
            Categories = ["api-extensions"],
        },
        Crds,
        new("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false) { ShortNames = ["pc"] },
        new("coordination.k8s.io", "v1", "Lease", "leases", true),
    ];

    private static ServedKind Build(ApiResource resource, SchemaText text)
    {
        var schema = text[resource.Kind];
        return new ServedKind
        {
            Resource = resource,
            Schema = schema,
            Storage = resource,
            HasStatus = schema.Properties.TryGetValue("status", out var status) && status.Type == "object",
            HasGeneration = WithGeneration.Contains(resource.Kind),
            Verbs = resource.Kind == "Namespace" ? WithoutDeleteCollection : ServedKind.AllVerbs,
            Scale = resource.Kind is "Deployment" or "ReplicaSet" or "StatefulSet" ? Replicas : null,
            SelectableFields = Selectable(resource.Kind),
            Subresources = resource.Kind == "Namespace" ? [("finalize", resource, ["update"])] : [],
        };
    }

    private static ServedKind NewEvent(SchemaText text) => new()
    {
        Resource = NewEvents,
        Schema = text["NewEvent"] with { TypeName = "Event" },
        Storage = Events,
        SelectableFields = Selectable("NewEvent"),
        FromStorage = EventConversion.FromCore,
        ToStorage = EventConversion.ToCore,
    };

    private static IReadOnlyList<string> Selectable(string kind) => kind switch
    {
        "Pod" =>
        [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase",
            "status.podIP", "status.nominatedNodeName",
        ],
        "Event" =>
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        "NewEvent" => ["regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "reason", "reportingController", "type"],
        "Secret" => ["type"],
        "Namespace" => ["status.phase"],
        "Node" => ["spec.unschedulable"],
        "Service" => ["spec.clusterIP", "spec.type"],
        "ReplicaSet" => ["status.replicas"],
        "Job" => ["status.successful"],
        _ => [],
    };
}

namespace Portcullis.ApiServer.Authorization;

/// <summary>
/// The roles and bindings of a new cluster, as far as its users see them
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings). Roles of components that this
/// server does not have (scheduler, kubelet, node problem detector) are left out.
/// </summary>
internal static class BootstrapPolicy
{
    private const string Read = "get list watch";
    private const string Write = "create delete deletecollection patch update";

    public static IReadOnlyList<BootstrapRole> Roles { get; } =
    [
        new("cluster-admin", On("*", "*", "*"), Urls("*", "*")),
        new("admin") { GatheredBy = "admin" },
        new("edit") { GatheredBy = "edit", AggregatesTo = ["admin"] },
        new("view") { GatheredBy = "view", AggregatesTo = ["edit"] },
        new("system:aggregate-to-admin", Admin()) { AggregatesTo = ["admin"] },
        new("system:aggregate-to-edit", Edit()) { AggregatesTo = ["edit"] },
        new("system:aggregate-to-view", View()) { AggregatesTo = ["view"] },
        new(
            "system:auth-delegator",
            On("authentication.k8s.io", "tokenreviews", "create"),
            On("authorization.k8s.io", "subjectaccessreviews", "create")),
        new(
            "system:basic-user",
            On("authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", "create"),
            On("authentication.k8s.io", "selfsubjectreviews", "create")),
        new("system:public-info-viewer", Urls("/healthz /livez /readyz /version /version/", "get")),
        new(
            "system:discovery",
            Urls("/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/", "get")),

        // The recordings of 1.36 show this permission for every authenticated user.
        new("system:authenticated-well-known-viewer", Urls("/.well-known /.well-known/*", "get")),
        new(
            "system:service-account-issuer-discovery",
            Urls("/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/", "get")),
    ];

    public static IReadOnlyList<BootstrapBinding> Bindings { get; } =
    [
        new("cluster-admin", RbacAuthorizer.MastersGroup),
        new("system:basic-user", "system:authenticated"),
        new("system:discovery", "system:authenticated"),
        new("system:public-info-viewer", "system:authenticated", "system:unauthenticated"),
        new("system:authenticated-well-known-viewer", "system:authenticated"),
        new("system:service-account-issuer-discovery", "system:serviceaccounts"),
    ];

    private static PolicyRule[] Admin() =>
    [
        On("authorization.k8s.io", "localsubjectaccessreviews", "create"),
        On(RbacKinds.GroupName, "rolebindings roles", "create delete deletecollection get list patch update watch"),
    ];

    private static PolicyRule[] Edit() =>
    [
        On("", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", Read),
        On("", "serviceaccounts", "impersonate"),
        On("", "pods pods/attach pods/exec pods/portforward pods/proxy", Write),
        On("", "pods/eviction", "create"),
        On(
            "",
            "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy",
            Write),
        On("", "serviceaccounts/token", "create"),
        On(
            "apps",
            "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale",
            Write),
        On("autoscaling", "horizontalpodautoscalers", Write),
        On("batch", "cronjobs jobs", Write),
        On(
            "extensions",
            "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale",
            Write),
        On("events.k8s.io", "events", Write),
        On("policy", "poddisruptionbudgets", Write),
        On("networking.k8s.io", "ingresses networkpolicies", Write),
        On("coordination.k8s.io", "leases", "create delete deletecollection get list patch update watch"),
        On("resource.k8s.io", "resourceclaims resourceclaimtemplates", Write),
    ];

    private static PolicyRule[] View() =>
    [
        On(
            "",
            "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers " +
            "replicationcontrollers/scale serviceaccounts services services/status",
            Read),
        On(
            "",
            "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
            Read),
        On("", "namespaces", Read),
        On("discovery.k8s.io", "endpointslices", Read),
        On(
            "apps",
            "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets " +
            "replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
            Read),
        On("autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", Read),
        On("batch", "cronjobs cronjobs/status jobs jobs/status", Read),
        On(
            "extensions",
            "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies " +
            "replicasets replicasets/scale replicasets/status replicationcontrollers/scale",
            Read),
        On("events.k8s.io", "events", Read),
        On("policy", "poddisruptionbudgets poddisruptionbudgets/status", Read),
        On("networking.k8s.io", "ingresses ingresses/status networkpolicies", Read),
        On("resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates", Read),
    ];

    private static PolicyRule On(string group, string resources, string verbs) =>
        new() { ApiGroups = [group], Resources = resources.Split(' '), Verbs = verbs.Split(' ') };

    private static PolicyRule Urls(string urls, string verbs) => new() { NonResourceUrls = urls.Split(' '), Verbs = verbs.Split(' ') };
}

namespace Portcullis.Core.Roles;

/// <summary>
/// UCP 3.0's list of operations (docker-ee.md 7.3) and their meaning in Kubernetes. Where the two differ the table errs on the side of less:
/// <c>Secret View</c> showed names in UCP, but RBAC cannot show a Secret without its content, so it gives nothing.
/// </summary>
public static class DockerOperations
{
    private const string Apps = "apps";
    private const string Batch = "batch";
    private const string Networking = "networking.k8s.io";
    private const string NoCounterpart = "a pod has no such operation";
    private const string Registry = "images are the registry's and the engine's";
    private const string ClusterWide = "nodes are in no namespace";
    private const string Guardrail = "networks of pods are guardrails of the collection";
    private const string AnyPod = "every pod of a namespace may mount it";

    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Change = ["patch", "update"];
    private static readonly string[] Remove = ["delete", "deletecollection"];
    private static readonly string[] Create = ["create"];

    private static readonly string[] ContainerOptions =
    [
        "Additional Kernel Capabilities", "Bridge Networking Mode", "Host Bind Mounts", "Host Networking Mode", "IPC Mode", "PID Mode", "Privileged",
        "Security Options", "Sysctls", "User Namespace Mode", "Volume Drivers",
    ];

    private static readonly string[] ImageVerbs = ["Build", "Commit", "Create", "Export", "History", "Load", "Prune", "Push", "Search", "Tag", "View"];
    private static readonly string[] ServiceOptions = ["Bridge Networking Mode", "Credential Spec", "Host Bind Mounts", "Host Networking Mode"];

    /// <summary>By name, in order.</summary>
    public static IReadOnlyDictionary<string, DockerOperation> All { get; } =
        new SortedDictionary<string, DockerOperation>(Table().ToDictionary(o => o.Name), StringComparer.Ordinal);

    private static IEnumerable<DockerOperation> Table() => [.. Configs(), .. Containers(), .. Images(), .. NetworksAndNodes(), .. Secrets(), .. Services(), .. Volumes()];

    private static IEnumerable<DockerOperation> Configs() =>
    [
        On("Config Create", Rule("", Create, "configmaps")),
        On("Config Delete", Rule("", Remove, "configmaps")),
        On("Config Update", Rule("", Change, "configmaps")),
        Outside("Config Use", AnyPod),
        On("Config View", Rule("", Read, "configmaps")),
    ];

    private static IEnumerable<DockerOperation> Containers() =>
    [
        On("Container Attach", Rule("", ["create", "get"], "pods/attach", "pods/portforward")),
        Outside("Container Changes", NoCounterpart),
        Outside("Container Connect", NoCounterpart),
        On("Container Create", Rule("", Create, "pods")) with { Options = ContainerOptions },
        Outside("Container Disconnect", NoCounterpart),
        On("Container Exec", Rule("", ["create", "get"], "pods/exec"), Rule("", ["get", .. Change], "pods/ephemeralcontainers")),
        Outside("Container Export", NoCounterpart),
        Outside("Container Filesystem Read", "kubectl cp is an exec"),
        Outside("Container Filesystem Write", "kubectl cp is an exec"),
        Outside("Container Kill", NoCounterpart),
        On("Container Logs", Rule("", ["get"], "pods/log")),
        Outside("Container Pause", NoCounterpart),
        On("Container Remove", Rule("", Remove, "pods"), Rule("", Create, "pods/eviction")),
        Outside("Container Rename", NoCounterpart),
        Outside("Container Resize", NoCounterpart),
        Outside("Container Restart", NoCounterpart),
        Outside("Container Start", NoCounterpart),
        On("Container Stats", Rule("metrics.k8s.io", ["get", "list"], "pods")),
        Outside("Container Stop", NoCounterpart),
        Outside("Container Top", NoCounterpart),
        Outside("Container Unpause", NoCounterpart),
        On("Container View", Rule("", Read, "pods"), Rule("", ["get"], "pods/status"), Rule("", Read, "events"), Rule("", ["get"], "namespaces")),
        Outside("Container Wait", NoCounterpart),
    ];

    private static IEnumerable<DockerOperation> Images() =>
        ImageVerbs
            .Select(verb => Outside($"Image {verb}", Registry))
            .Append(Outside("Image Remove", Registry) with { Options = ["Force Remove"] });

    private static IEnumerable<DockerOperation> NetworksAndNodes() =>
    [
        Outside("Network Connect", Guardrail),
        Outside("Network Create", Guardrail) with { Options = ["Attachable"] },
        Outside("Network Disconnect", Guardrail),
        Outside("Network Remove", Guardrail),
        On("Network View", Rule("", Read, "services"), Rule(Networking, Read, "ingresses", "networkpolicies")),
        Outside("Node Schedule", "where pods run follows from the collection's node isolation"),
        Outside("Node Update", ClusterWide),
        Outside("Node View", ClusterWide),
    ];

    private static IEnumerable<DockerOperation> Secrets() =>
    [
        On("Secret Create", Rule("", Create, "secrets")),
        On("Secret Delete", Rule("", Remove, "secrets")),
        On("Secret Update", Rule("", ["get", .. Change], "secrets")),
        Outside("Secret Use", AnyPod),
        Outside("Secret View", "Kubernetes cannot show a Secret without its content"),
    ];

    private static IEnumerable<DockerOperation> Services() =>
    [
        On("Service Create", Workloads(Create)) with { Options = ServiceOptions },
        On("Service Delete", Workloads(Remove)),
        On("Service Logs", Rule("", ["get"], "pods/log")),
        On("Service Update", [
            .. Workloads(Change),
            Rule(Apps, ["get", .. Change], "deployments/scale", "replicasets/scale", "statefulsets/scale"),
            Rule("", ["get", .. Change], "replicationcontrollers/scale"),
        ]) with { Options = ServiceOptions },
        On("Service View", [
            .. Workloads(Read),
            Rule("", Read, "endpoints", "events", "limitranges", "resourcequotas"),
            Rule("discovery.k8s.io", Read, "endpointslices"),
            Rule(Apps, Read, "controllerrevisions"),
        ]),
        On("Service View Tasks", Rule("", Read, "pods")),
    ];

    private static IEnumerable<DockerOperation> Volumes() =>
    [
        On("Volume Create", Rule("", [.. Create, .. Change], "persistentvolumeclaims")) with { Options = ["Local Driver Options"] },
        On("Volume Remove", Rule("", Remove, "persistentvolumeclaims")),
        On("Volume View", Rule("", Read, "persistentvolumeclaims")),
    ];

    private static RoleRule[] Workloads(string[] verbs) =>
    [
        Rule("", verbs, "replicationcontrollers", "serviceaccounts", "services"),
        Rule(Apps, verbs, "daemonsets", "deployments", "replicasets", "statefulsets"),
        Rule("autoscaling", verbs, "horizontalpodautoscalers"),
        Rule(Batch, verbs, "cronjobs", "jobs"),
        Rule(Networking, verbs, "ingresses"),
        Rule("policy", verbs, "poddisruptionbudgets"),
    ];

    private static DockerOperation On(string name, params RoleRule[] rules) => new(name, rules);

    private static DockerOperation Outside(string name, string why) => new(name, []) { Why = why };

    private static RoleRule Rule(string group, string[] verbs, params string[] resources) =>
        new() { ApiGroups = [group], Resources = resources, Verbs = verbs };
}

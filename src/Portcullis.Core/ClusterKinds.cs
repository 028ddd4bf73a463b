namespace Portcullis.Core;

/// <summary>The kinds of Kubernetes itself that our controllers read and write.</summary>
public static class ClusterKinds
{
    private const string RbacGroup = "rbac.authorization.k8s.io";

    public static ApiResource Namespace { get; } = new("", "v1", "Namespace", "namespaces", false);

    public static ApiResource Node { get; } = new("", "v1", "Node", "nodes", false);

    public static ApiResource ResourceQuota { get; } = new("", "v1", "ResourceQuota", "resourcequotas", true);

    public static ApiResource LimitRange { get; } = new("", "v1", "LimitRange", "limitranges", true);

    public static ApiResource NetworkPolicy { get; } = new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true);

    public static ApiResource ClusterRole { get; } = new(RbacGroup, "v1", "ClusterRole", "clusterroles", false);

    public static ApiResource RoleBinding { get; } = new(RbacGroup, "v1", "RoleBinding", "rolebindings", true);

    public static ApiResource ClusterRoleBinding { get; } = new(RbacGroup, "v1", "ClusterRoleBinding", "clusterrolebindings", false);

    public static ApiResource CustomResourceDefinition { get; } =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);

    public static ApiResource MutatingWebhook { get; } =
        new("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false);

    public static ApiResource ValidatingWebhook { get; } =
        new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false);

    public static ApiResource DaemonSet { get; } = new("apps", "v1", "DaemonSet", "daemonsets", true);

    public static ApiResource Deployment { get; } = new("apps", "v1", "Deployment", "deployments", true);

    public static ApiResource ReplicaSet { get; } = new("apps", "v1", "ReplicaSet", "replicasets", true);

    public static ApiResource StatefulSet { get; } = new("apps", "v1", "StatefulSet", "statefulsets", true);

    public static ApiResource Job { get; } = new("batch", "v1", "Job", "jobs", true);

    public static ApiResource CronJob { get; } = new("batch", "v1", "CronJob", "cronjobs", true);

    public static ApiResource ReplicationController { get; } = new("", "v1", "ReplicationController", "replicationcontrollers", true);

    public static ApiResource PodTemplate { get; } = new("", "v1", "PodTemplate", "podtemplates", true);

    public static ApiResource Pod { get; } = new("", "v1", "Pod", "pods", true);

    public static ApiResource ConfigMap { get; } = new("", "v1", "ConfigMap", "configmaps", true);

    public static ApiResource Secret { get; } = new("", "v1", "Secret", "secrets", true);
}

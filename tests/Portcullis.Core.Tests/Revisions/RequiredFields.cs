namespace Portcullis.Core.Tests.Revisions;

/// <summary>
/// The fields that a server refuses to miss, whatever else an object says. The OpenAPI document calls many more required, among them some that a
/// server fills in or takes to be empty; those are left to the server.
/// </summary>
internal static class RequiredFields
{
    private const string Known = """
        V1DeploymentSpec selector template
        V1DaemonSetSpec selector template
        V1StatefulSetSpec selector template
        V1ReplicaSetSpec selector
        V1JobSpec template
        V1CronJobSpec schedule jobTemplate
        V1PodSpec containers
        V1Container name
        V1EphemeralContainer name
        V1ContainerPort containerPort
        V1EnvVar name
        V1Volume name
        V1VolumeMount name mountPath
        V1VolumeDevice name devicePath
        V1KeyToPath key path
        V1SecretKeySelector key
        V1ConfigMapKeySelector key
        V1ObjectFieldSelector fieldPath
        V1ResourceFieldSelector resource
        V1HTTPGetAction port
        V1TCPSocketAction port
        V1GRPCAction port
        V1HTTPHeader name
        V1PersistentVolumeClaimVolumeSource claimName
        V1HostPathVolumeSource path
        V1NFSVolumeSource server path
        V1CSIVolumeSource driver
        V1HostAlias ip
        V1Sysctl name
        V1SeccompProfile type
        V1AppArmorProfile type
        V1LabelSelectorRequirement key operator
        V1NodeSelectorRequirement key operator
        V1NodeSelector nodeSelectorTerms
        V1PodAffinityTerm topologyKey
        V1WeightedPodAffinityTerm podAffinityTerm weight
        V1PreferredSchedulingTerm preference weight
        V1TopologySpreadConstraint maxSkew topologyKey whenUnsatisfiable
        V1ServicePort port
        V1IPBlock cidr
        V1HTTPIngressPath pathType backend
        V1HTTPIngressRuleValue paths
        V1IngressServiceBackend name
        V1HorizontalPodAutoscalerSpec maxReplicas scaleTargetRef
        V2HorizontalPodAutoscalerSpec maxReplicas scaleTargetRef
        V1CrossVersionObjectReference kind name
        V2CrossVersionObjectReference kind name
        V2MetricSpec type
        V2MetricTarget type
        V1RoleBinding roleRef
        V1ClusterRoleBinding roleRef
        V1RoleRef kind name
        Rbacv1Subject kind name
        V1PolicyRule verbs
        V1StorageClass provisioner
        V1LimitRangeItem type
        V1MutatingWebhook name clientConfig admissionReviewVersions sideEffects
        V1ValidatingWebhook name clientConfig admissionReviewVersions sideEffects
        """;

    private static readonly HashSet<(string Type, string Field)> Pairs =
        [.. Known.Split('\n').Select(l => l.Trim().Split(' ')).SelectMany(words => words.Skip(1).Select(field => (words[0], field)))];

    public static IReadOnlyCollection<(string Type, string Field)> All => Pairs;

    public static bool Contains(string type, string field) => Pairs.Contains((type, field));
}

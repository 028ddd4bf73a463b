using System.Text.Json.Nodes;
using Portcullis.Core.Kept;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Kept;

/// <summary>What is ours as a whole says what is declared and nothing else.</summary>
internal sealed class KeptStateTests
{
    private const string Quota = "{kind: ResourceQuota, metadata: {name: q, labels: {a: b}}, spec: {hard: {cpu: '1', pods: '5'}}}";
    private const string Binding = "{kind: RoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: r}, subjects: [{kind: User, name: ann}]}";
    private const string Role = "{kind: ClusterRole, metadata: {name: r}, rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}";
    private const string Limits = "{kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container, max: {cpu: 2, memory: 1Gi}, min: {pods: 1}, default: {memory: 512Mi}}]}}";
    private const string Policy = "{kind: NetworkPolicy, metadata: {name: n}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}}";

    [TestCase(Quota, "{kind: ResourceQuota, metadata: {name: q, labels: {a: b, c: d}, annotations: {x: y}}, spec: {hard: {cpu: 1000m, pods: '5'}}, status: {used: {pods: 1}}}")]
    [TestCase(Binding, Binding)]
    [TestCase(Role, Role)]
    [TestCase(Limits, Limits)]
    [TestCase(Limits, "{kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container, max: {cpu: 2, memory: 1Gi}, min: {pods: 1}, default: {cpu: 2, memory: 512Mi}, defaultRequest: {cpu: 2, memory: 512Mi, pods: 1}}]}}")]
    [TestCase(Policy, Policy)]
    public void What_the_server_makes_of_ours_and_what_others_note_on_it_is_in_place(string body, string observed)
    {
        Assert.That(KeptState.Holds(Read(body), Read(observed)));
        Assert.That(KeptState.Surplus(Read(body), Read(observed)), Is.Null);
    }

    [TestCase(Quota, "{kind: ResourceQuota, metadata: {labels: {a: b}}, spec: {hard: {cpu: '1', pods: '5', secrets: '0'}}}", """{"spec":{"hard":{"secrets":null}}}""")]
    [TestCase(Quota, "{kind: ResourceQuota, metadata: {labels: {a: b}}, spec: {hard: {cpu: '1', pods: '5'}, scopes: [BestEffort]}}", """{"spec":{"scopes":null}}""")]
    [TestCase(Role, "{kind: ClusterRole, metadata: {name: r}, rules: [{apiGroups: [''], resources: [pods], verbs: [get]}], aggregationRule: {clusterRoleSelectors: [{}]}}", """{"aggregationRule":null}""")]
    [TestCase(Policy, "{kind: NetworkPolicy, metadata: {name: n}, spec: {podSelector: {matchLabels: {a: b}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}}", """{"spec":{"podSelector":{"matchLabels":null}}}""")]
    public void A_field_that_nobody_asked_for_is_taken_off(string body, string observed, string patch)
    {
        Assert.That(KeptState.Holds(Read(body), Read(observed)), Is.False);
        Assert.That(KeptState.Surplus(Read(body), Read(observed))!.ToJsonString(), Is.EqualTo(patch));
    }

    [TestCase(Role, "{kind: ClusterRole, metadata: {name: r}, rules: [{apiGroups: [''], resources: [pods], verbs: [get], resourceNames: [one]}]}")]
    [TestCase(Binding, "{kind: RoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: r}, subjects: [{kind: User, name: ann}, {kind: User, name: bob}]}")]
    [TestCase(Limits, "{kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container, max: {cpu: 2, memory: 1Gi}, min: {pods: 1, cpu: 1}, default: {memory: 512Mi}}]}}")]
    [TestCase(Policy, "{kind: NetworkPolicy, metadata: {name: n}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}}")]
    public void A_field_inside_a_list_counts_as_well(string body, string observed) => Assert.That(KeptState.Holds(Read(body), Read(observed)), Is.False);

    [TestCase(Binding, "{kind: RoleBinding, roleRef: {kind: ClusterRole, name: other}}", true)]
    [TestCase(Binding, "{kind: RoleBinding, roleRef: {kind: ClusterRole, name: r}}", false)]
    [TestCase(Quota, "{kind: ResourceQuota, spec: {hard: {pods: 1}, scopes: [BestEffort]}}", true)]
    [TestCase(Quota, "{kind: ResourceQuota, spec: {hard: {pods: 1}, scopeSelector: {matchExpressions: []}}}", true)]
    [TestCase(Quota, "{kind: ResourceQuota, spec: {hard: {secrets: 1}}}", false)]
    public void What_the_server_never_changes_is_made_anew(string body, string observed, bool anew) =>
        Assert.That(KeptState.MustBeReplaced(Read(body), Read(observed)), Is.EqualTo(anew));

    [Test]
    public void What_is_not_there_is_not_in_place() => Assert.That(KeptState.Holds(Read(Quota), null), Is.False);

    private static JsonObject Read(string yaml) => (JsonObject)KubernetesYaml.Read(System.Text.Encoding.UTF8.GetBytes(yaml)).Documents[0].Root;
}

using System.Text.Json.Nodes;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Tests.Roles;

internal sealed class RoleTests
{
    private static IEnumerable<ResolvedRole> BuiltIn => BuiltInRoles.All;

    [TestCaseSource(nameof(BuiltIn))]
    public void No_built_in_role_contains_what_no_role_may_contain(ResolvedRole role) =>
        Assert.That(
            role.Rules.Where(r => !r.Resources.Contains(PodOptions.Resource)).SelectMany(RoleRules.Problems),
            Is.Empty,
            role.ClusterRole().ToJsonString());

    [Test]
    public void An_aggregation_rule_that_somebody_put_on_a_role_of_ours_is_taken_off_although_the_rules_are_right()
    {
        var role = BuiltInRoles.ViewOnly;
        var present = role.ClusterRole();
        Assert.That(ClusterRolePlanner.Plan(role, present), Is.Empty);
        present["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray() };
        Assert.That(((ClusterRoleAction.Apply)ClusterRolePlanner.Plan(role, present).Single()).IsAggregated);
    }

    [Test]
    public void Each_step_of_the_ladder_contains_the_one_below()
    {
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.None, BuiltInRoles.ViewOnly), Is.Null);
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.ViewOnly, BuiltInRoles.RestrictedControl), Is.Null);
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.RestrictedControl, BuiltInRoles.FullControl), Is.Null);
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.Scheduler, BuiltInRoles.ViewOnly), Is.EqualTo("Node Schedule"));
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.FullControl, BuiltInRoles.RestrictedControl), Is.Not.Null);
    }

    [TestCase("nothing", "nothing", null)]
    [TestCase("[get] pods", "[get, list] pods", null)]
    [TestCase("[get, list] pods", "[get] pods", "list pods")]
    [TestCase("[get] pods, services", "[get] pods", "get services")]
    [TestCase("[get] apps/deployments", "[get] deployments", "get deployments.apps")]
    [TestCase("[get] deployments", "[get] apps/deployments", "get deployments")]
    [TestCase("[get] pods (a)", "[get] pods", null)]
    [TestCase("[get] pods", "[get] pods (a)", "get pods")]
    [TestCase("[get] pods (a b)", "[get] pods (a b c)", null)]
    [TestCase("[get] pods (a d)", "[get] pods (a b c)", "get pods")]
    public void A_role_is_within_another_when_nothing_in_it_is_missing_there(string role, string maximum, string? excess) =>
        Assert.That(RoleOrder.FirstExcess(Written(role), Written(maximum)), Is.EqualTo(excess));

    [Test]
    public void Outside_Kubernetes_the_operations_and_their_options_are_compared()
    {
        static ResolvedRole Of(string operation, params string[] options) =>
            RoleResolution.Of("x", new AccessRoleSpec { Operations = [new RoleOperation { Name = operation, Options = [.. options] }] }).Role;
        Assert.That(RoleOrder.FirstExcess(Of("Image Remove", "Force Remove"), Of("Image Remove")), Is.EqualTo("Image Remove with Force Remove"));
        Assert.That(RoleOrder.FirstExcess(Of("Image Remove"), Of("Image Remove", "Force Remove")), Is.Null);
        Assert.That(RoleOrder.FirstExcess(Of("Image View"), Of("Image Push")), Is.EqualTo("Image View"));
    }

    /// <summary>[verbs] resources (names), resources with their group before a slash.</summary>
    private static ResolvedRole Written(string text)
    {
        var parts = System.Text.RegularExpressions.Regex.Match(text, @"^\[([^\]]+)\] ([^(]+?)(?: \(([^)]+)\))?$");
        IEnumerable<RoleRule> rules = !parts.Success ? [] : parts.Groups[2].Value.Split(", ").Select(r => new RoleRule
        {
            ApiGroups = [r.Contains('/', StringComparison.Ordinal) ? r.Split('/')[0] : ""],
            Resources = [r.Split('/')[^1]],
            Verbs = parts.Groups[1].Value.Split(", "),
            ResourceNames = parts.Groups[3].Success ? parts.Groups[3].Value.Split(' ') : null,
        });
        var (role, problems) = RoleResolution.Of("written", new AccessRoleSpec { Rules = [.. rules] });
        Assert.That(problems, Is.Empty);
        return role;
    }

    [Test]
    public void Restricted_control_may_not_exec_or_reach_out_of_the_container()
    {
        Assert.That(BuiltInRoles.RestrictedControl.Rules.SelectMany(r => r.Resources), Has.None.EqualTo("pods/exec"));
        Assert.That(BuiltInRoles.RestrictedControl.Options, Is.EqualTo(new[] { PodOptions.HostPorts }));
        Assert.That(BuiltInRoles.FullControl.Options, Is.EqualTo(PodOptions.ByDockerName.Values.Order(StringComparer.Ordinal)));
    }

    [TestCase("rbac.authorization.k8s.io", "rolebindings", "create")]
    [TestCase("", "resourcequotas", "update")]
    [TestCase("", "limitranges", "delete")]
    [TestCase("networking.k8s.io", "networkpolicies", "patch")]
    [TestCase("", "namespaces", "patch")]
    [TestCase("", "nodes/proxy", "get")]
    [TestCase("", "pods/binding", "create")]
    [TestCase("", "serviceaccounts", "impersonate")]
    [TestCase("portcullis.dev", "grants", "create")]
    [TestCase("*", "pods", "get")]
    [TestCase("", "*", "get")]
    [TestCase("", "pods", "*")]
    public void A_custom_role_with_power_over_access_itself_is_refused(string group, string resource, string verb)
    {
        var (role, problems) = RoleResolution.Of("mine", new AccessRoleSpec
        {
            Rules = [new RoleRule { ApiGroups = [group], Resources = [resource], Verbs = [verb] }],
        });
        Assert.That(problems, Is.Not.Empty);
        Assert.That(role.Rules, Is.Empty);
    }

    [Test]
    public void A_misspelt_operation_is_answered_with_those_there_are()
    {
        var (_, problems) = RoleResolution.Of("mine", new AccessRoleSpec { Operations = [new RoleOperation { Name = "Config Look" }] });
        Assert.That(problems.Single().Message, Does.Contain("Config View"));
    }

    [Test]
    public void The_order_of_rules_does_not_matter()
    {
        var a = new RoleRule { ApiGroups = [""], Resources = ["pods", "services"], Verbs = ["list", "get"] };
        var b = new RoleRule { ApiGroups = ["apps"], Resources = ["deployments"], Verbs = ["get"] };
        Assert.That(
            RoleResolution.Of("x", new AccessRoleSpec { Rules = [a, b] }).Role.ClusterRole().ToJsonString(),
            Is.EqualTo(RoleResolution.Of("x", new AccessRoleSpec { Rules = [b, a, a] }).Role.ClusterRole().ToJsonString()));
    }

    [TestCase("""{"hostNetwork":true}""", PodOptions.HostNetwork)]
    [TestCase("""{"hostPID":true}""", PodOptions.HostPid)]
    [TestCase("""{"hostIPC":true}""", PodOptions.HostIpc)]
    [TestCase("""{"volumes":[{"name":"v","hostPath":{"path":"/"}}]}""", PodOptions.HostBindMounts)]
    [TestCase("""{"containers":[{"securityContext":{"privileged":true}}]}""", PodOptions.Privileged)]
    [TestCase("""{"initContainers":[{"securityContext":{"capabilities":{"add":["SYS_ADMIN"]}}}]}""", PodOptions.KernelCapabilities)]
    [TestCase("""{"ephemeralContainers":[{"securityContext":{"procMount":"Unmasked"}}]}""", PodOptions.Privileged)]
    [TestCase("""{"containers":[{"ports":[{"hostPort":80}]}]}""", PodOptions.HostPorts)]
    [TestCase("""{"containers":[{},{"securityContext":{"allowPrivilegeEscalation":true}}]}""", PodOptions.Privileged)]
    [TestCase("""{"containers":[{"securityContext":{"windowsOptions":{"hostProcess":true}}}]}""", PodOptions.Privileged)]
    [TestCase("""{"securityContext":{"windowsOptions":{"hostProcess":true}}}""", PodOptions.Privileged)]
    [TestCase("""{"securityContext":{"seccompProfile":{"type":"Unconfined"}}}""", PodOptions.SecurityOptions)]
    [TestCase("""{"containers":[{"securityContext":{"seccompProfile":{"type":"Unconfined"}}}]}""", PodOptions.SecurityOptions)]
    [TestCase("""{"securityContext":{"appArmorProfile":{"type":"Unconfined"}}}""", PodOptions.SecurityOptions)]
    [TestCase("""{"initContainers":[{"securityContext":{"appArmorProfile":{"type":"Unconfined"}}}]}""", PodOptions.SecurityOptions)]
    [TestCase("""{"securityContext":{"seLinuxOptions":{"type":"spc_t"}}}""", PodOptions.SecurityOptions)]
    [TestCase("""{"containers":[{"securityContext":{"seLinuxOptions":{"user":"system_u"}}}]}""", PodOptions.SecurityOptions)]
    [TestCase("""{"containers":[{"securityContext":{"seLinuxOptions":{"role":"system_r"}}}]}""", PodOptions.SecurityOptions)]
    [TestCase("""{"securityContext":{"sysctls":[{"name":"kernel.msgmax","value":"1"}]}}""", PodOptions.Sysctls)]
    [TestCase("""{"containers":[{"livenessProbe":{"httpGet":{"host":"169.254.169.254","port":80}}}]}""", PodOptions.HostNetwork)]
    [TestCase("""{"containers":[{"lifecycle":{"preStop":{"tcpSocket":{"host":"10.0.0.1","port":80}}}}]}""", PodOptions.HostNetwork)]
    [TestCase("""{"volumes":[{"name":"v","nfs":{"server":"a","path":"/"}}]}""", PodOptions.VolumeDrivers)]
    [TestCase("""{"volumes":[{"name":"v","gitRepo":{"repository":"https://a"}}]}""", PodOptions.VolumeDrivers)]
    [TestCase("""{"volumes":[{"name":"v","flexVolume":{"driver":"a"}}]}""", PodOptions.VolumeDrivers)]
    [TestCase("""{"volumes":[{"name":"v","csi":{"driver":"a"}}]}""", PodOptions.VolumeDrivers)]
    [TestCase("""{"volumes":[{"name":"v","iscsi":{"iqn":"a"}}]}""", PodOptions.VolumeDrivers)]
    [TestCase("""{"volumes":[{"name":"v","addedInALaterKubernetes":{}}]}""", PodOptions.VolumeDrivers)]
    public void What_a_template_asks_for_is_found_wherever_it_stands(string spec, string option)
    {
        var pod = new JsonObject { ["kind"] = "Pod", ["spec"] = JsonNode.Parse(spec) };
        var cron = JsonNode.Parse("""{"kind":"CronJob","spec":{"jobTemplate":{"spec":{"template":{"spec":SPEC}}}}}""".Replace("SPEC", spec, StringComparison.Ordinal))!.AsObject();
        Assert.That(AskedOptions.Of(pod).Select(a => a.Option), Is.EqualTo(new[] { option }));
        Assert.That(AskedOptions.Of(cron).Select(a => a.Option), Is.EqualTo(new[] { option }));
    }

    [TestCase("unconfined", "metadata.annotations[container.apparmor.security.beta.kubernetes.io/a] (unconfined)")]
    [TestCase("runtime/default", null)]
    [TestCase("localhost/mine", null)]
    [TestCase("", null)]
    public void An_apparmor_profile_in_an_annotation_is_found_in_a_pod_and_in_a_template(string profile, string? field)
    {
        var metadata = new JsonObject { ["annotations"] = new JsonObject { ["container.apparmor.security.beta.kubernetes.io/a"] = profile, ["other"] = "unconfined" } };
        var pod = new JsonObject { ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = new JsonObject() };
        var template = (JsonObject)JsonNode.Parse("""{"kind":"Deployment","spec":{"template":{"spec":{}}}}""")!;
        var plain = (JsonObject)template.DeepClone();
        template["spec"]!["template"]!["metadata"] = metadata.DeepClone();

        Assert.That(AskedOptions.Of(pod).Select(a => (a.Option, a.Field)), Is.EqualTo(field is null ? [] : new[] { (PodOptions.SecurityOptions, field) }));
        Assert.That(AskedOptions.Of(template).Select(a => a.Field), Is.EqualTo(field is null ? [] : new[] { "spec.template." + field }));
        Assert.That(AskedOptions.AreSamePods(plain, template), Is.EqualTo(field is null), "an update that adds it is reviewed");
    }

    [Test]
    public void Each_thing_asked_is_told_with_its_field_in_the_order_of_options()
    {
        var pod = JsonNode.Parse("""
            {"kind":"Deployment","spec":{"template":{"spec":{
                "hostNetwork":true,"hostPID":true,"securityContext":{"windowsOptions":{"hostProcess":true}},
                "volumes":[{"name":"a","emptyDir":{}},{"name":"v","hostPath":{"path":"/"}}],
                "initContainers":[{"securityContext":{"capabilities":{"add":["NET_ADMIN"]}}}],
                "containers":[{"ports":[{"containerPort":1},{"hostPort":80}],"securityContext":{"procMount":"Unmasked","privileged":true}}]}}}}
            """)!.AsObject();
        Assert.That(AskedOptions.Of(pod).Select(a => a.Field), Is.EquivalentTo(new[]
        {
            "spec.template.spec.hostNetwork", "spec.template.spec.hostPID", "spec.template.spec.securityContext.windowsOptions.hostProcess",
            "spec.template.spec.volumes[1].hostPath", "spec.template.spec.initContainers[0].securityContext.capabilities.add",
            "spec.template.spec.containers[0].ports[1].hostPort", "spec.template.spec.containers[0].securityContext.procMount (Unmasked)",
            "spec.template.spec.containers[0].securityContext.privileged",
        }));
        Assert.That(AskedOptions.Of(pod).Select(a => a.Option), Is.Ordered.Using<string>(string.CompareOrdinal));
    }

    [TestCase("""{"hostNetwork":false,"hostPID":"yes"}""")]
    [TestCase("""{"volumes":[{"name":"v","emptyDir":{}}]}""")]
    [TestCase("""{"containers":[{"securityContext":{"procMount":"Default","privileged":false,"capabilities":{"drop":["ALL"],"add":[]}}}]}""")]
    [TestCase("""{"containers":[{"ports":[{"containerPort":80},{"hostPort":0}]}]}""")]
    [TestCase("""{"securityContext":{"seccompProfile":{"type":"RuntimeDefault"},"appArmorProfile":{"type":"Localhost"},"seLinuxOptions":{"type":"container_t","level":"s0"}}}""")]
    [TestCase("""{"securityContext":{"sysctls":[{"name":"net.ipv4.tcp_syncookies","value":"1"}]}}""")]
    [TestCase("""{"containers":[{"livenessProbe":{"httpGet":{"port":80}},"lifecycle":{"preStop":{"exec":{"command":["a"]}}}}]}""")]
    [TestCase("""{"volumes":[{"name":"a","configMap":{}},{"name":"b","downwardAPI":{}},{"name":"c","ephemeral":{}},{"name":"d","image":{}},{"name":"e","persistentVolumeClaim":{}},{"name":"f","projected":{}},{"name":"g","secret":{}},{"name":"h","nfs":null}]}""")]
    public void What_is_ordinary_asks_for_nothing(string spec) =>
        Assert.That(AskedOptions.Of(new JsonObject { ["kind"] = "Pod", ["spec"] = JsonNode.Parse(spec) }), Is.Empty);

    [TestCase("Pod", """{"spec":S}""", "spec")]
    [TestCase("PodTemplate", """{"template":{"spec":S}}""", "template.spec")]
    [TestCase("CronJob", """{"spec":{"jobTemplate":{"spec":{"template":{"spec":S}}}}}""", "spec.jobTemplate.spec.template.spec")]
    [TestCase("Deployment", """{"spec":{"template":{"spec":S}}}""", "spec.template.spec")]
    [TestCase("StatefulSet", """{"spec":{"template":{"spec":S}}}""", "spec.template.spec")]
    [TestCase("DaemonSet", """{"spec":{"template":{"spec":S}}}""", "spec.template.spec")]
    [TestCase("ReplicaSet", """{"spec":{"template":{"spec":S}}}""", "spec.template.spec")]
    [TestCase("Job", """{"spec":{"template":{"spec":S}}}""", "spec.template.spec")]
    [TestCase("ReplicationController", """{"spec":{"template":{"spec":S}}}""", "spec.template.spec")]
    [TestCase("Pod", "{}", null)]
    [TestCase("Service", """{"spec":S}""", null)]
    public void Each_kind_holds_its_pod_in_its_own_place(string kind, string text, string? path)
    {
        var value = JsonNode.Parse(text.Replace("S", """{"hostIPC":true}""", StringComparison.Ordinal))!.AsObject();
        value["kind"] = kind;
        Assert.That(AskedOptions.PodSpec(value)?.Path, Is.EqualTo(path));
        Assert.That(AskedOptions.Of(value).Select(a => a.Field), Is.EqualTo(path is null ? [] : new[] { path + ".hostIPC" }));
    }
}

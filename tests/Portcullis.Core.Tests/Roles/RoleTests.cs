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
    public void Each_step_of_the_ladder_contains_the_one_below()
    {
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.None, BuiltInRoles.ViewOnly), Is.Null);
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.ViewOnly, BuiltInRoles.RestrictedControl), Is.Null);
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.RestrictedControl, BuiltInRoles.FullControl), Is.Null);
        Assert.That(RoleOrder.FirstExcess(BuiltInRoles.Scheduler, BuiltInRoles.ViewOnly), Is.EqualTo("Node Schedule"));
        Assert.That(RoleOrder.IsWithin(BuiltInRoles.FullControl, BuiltInRoles.RestrictedControl), Is.False);
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
        var (role, problems) = RoleResolver.Resolve("mine", new AccessRoleSpec
        {
            Rules = [new RoleRule { ApiGroups = [group], Resources = [resource], Verbs = [verb] }],
        });
        Assert.That(problems, Is.Not.Empty);
        Assert.That(role.Rules, Is.Empty);
    }

    [Test]
    public void A_misspelt_operation_is_answered_with_those_there_are()
    {
        var (_, problems) = RoleResolver.Resolve("mine", new AccessRoleSpec { Operations = [new RoleOperation { Name = "Config Look" }] });
        Assert.That(problems.Single().Message, Does.Contain("Config View"));
    }

    [Test]
    public void The_order_of_rules_does_not_matter()
    {
        var a = new RoleRule { ApiGroups = [""], Resources = ["pods", "services"], Verbs = ["list", "get"] };
        var b = new RoleRule { ApiGroups = ["apps"], Resources = ["deployments"], Verbs = ["get"] };
        Assert.That(
            RoleResolver.Resolve("x", new AccessRoleSpec { Rules = [a, b] }).Role.ClusterRole().ToJsonString(),
            Is.EqualTo(RoleResolver.Resolve("x", new AccessRoleSpec { Rules = [b, a, a] }).Role.ClusterRole().ToJsonString()));
    }

    [TestCase("""{"hostNetwork":true}""", PodOptions.HostNetwork)]
    [TestCase("""{"hostPID":true}""", PodOptions.HostPid)]
    [TestCase("""{"hostIPC":true}""", PodOptions.HostIpc)]
    [TestCase("""{"volumes":[{"name":"v","hostPath":{"path":"/"}}]}""", PodOptions.HostBindMounts)]
    [TestCase("""{"containers":[{"securityContext":{"privileged":true}}]}""", PodOptions.Privileged)]
    [TestCase("""{"initContainers":[{"securityContext":{"capabilities":{"add":["SYS_ADMIN"]}}}]}""", PodOptions.KernelCapabilities)]
    [TestCase("""{"ephemeralContainers":[{"securityContext":{"procMount":"Unmasked"}}]}""", PodOptions.Privileged)]
    [TestCase("""{"containers":[{"ports":[{"hostPort":80}]}]}""", PodOptions.HostPorts)]
    public void What_a_template_asks_for_is_found_wherever_it_stands(string spec, string option)
    {
        var pod = new JsonObject { ["kind"] = "Pod", ["spec"] = JsonNode.Parse(spec) };
        var cron = JsonNode.Parse("""{"kind":"CronJob","spec":{"jobTemplate":{"spec":{"template":{"spec":SPEC}}}}}""".Replace("SPEC", spec, StringComparison.Ordinal))!.AsObject();
        Assert.That(AskedOptions.Of(pod).Select(a => a.Option), Is.EqualTo(new[] { option }));
        Assert.That(AskedOptions.Of(cron).Select(a => a.Option), Is.EqualTo(new[] { option }));
    }
}

using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission.PodSecurity;

namespace Portcullis.ApiServer.Tests.Admission;

/// <summary>One row a control: a pod that is good but for one field, the level, and the words.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PodSecurityEvaluationTests
{
    private const string Good = """
        {"metadata":{},"spec":{
          "securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},
          "containers":[{"name":"c","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}}
        """;

    [Test]
    public void A_hardened_pod_meets_every_level()
    {
        foreach (var level in Enum.GetValues<PodSecurityStandard>())
        {
            Assert.That(Violations(level, Good), Is.Empty, level.ToString());
        }
    }

    [Test]
    public void A_bare_pod_meets_baseline_and_fails_restricted_in_the_recorded_words()
    {
        const string bare = """{"metadata":{},"spec":{"containers":[{"name":"a","image":"x:1"}]}}""";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Violations(PodSecurityStandard.Baseline, bare), Is.Empty);
            Assert.That(
                Violations(PodSecurityStandard.Restricted, bare),
                Is.EqualTo(
                    "allowPrivilegeEscalation != false (container \"a\" must set securityContext.allowPrivilegeEscalation=false), " +
                    "unrestricted capabilities (container \"a\" must set securityContext.capabilities.drop=[\"ALL\"]), " +
                    "runAsNonRoot != true (pod or container \"a\" must set securityContext.runAsNonRoot=true), " +
                    "seccompProfile (pod or container \"a\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"));
        }
    }

    [TestCase("spec.hostNetwork", "true", "host namespaces (hostNetwork=true)")]
    [TestCase("spec.hostPID", "true", "host namespaces (hostPID=true)")]
    [TestCase("spec.hostIPC", "true", "host namespaces (hostIPC=true)")]
    [TestCase("container.securityContext.privileged", "true", "privileged (container \"c\" must not set securityContext.privileged=true)")]
    [TestCase("container.ports", """[{"hostPort":80},{"hostPort":90}]""", "hostPort (container \"c\" uses hostPorts 80, 90)")]
    [TestCase(
        "container.livenessProbe",
        """{"httpGet":{"host":"10.0.0.1"}}""",
        "probe or lifecycle host (container \"c\" uses probe or lifecycle host \"10.0.0.1\")")]
    [TestCase("container.securityContext.procMount", "\"Unmasked\"", "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")")]
    [TestCase(
        "container.securityContext.seLinuxOptions",
        """{"type":"spc_t","user":"u"}""",
        "seLinuxOptions (container \"c\" set forbidden securityContext.seLinuxOptions: type \"spc_t\"; user may not be set)")]
    [TestCase("spec.securityContext.sysctls", """[{"name":"kernel.msgmax"}]""", "forbidden sysctls (kernel.msgmax)")]
    [TestCase(
        "spec.securityContext.windowsOptions",
        """{"hostProcess":true}""",
        "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)")]
    [TestCase(
        "metadata.annotations",
        """{"container.apparmor.security.beta.kubernetes.io/c":"unconfined"}""",
        "forbidden AppArmor profile (container.apparmor.security.beta.kubernetes.io/c=\"unconfined\")")]
    public void Refuses_what_baseline_refuses_in_both_levels(string path, string value, string words)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Violations(PodSecurityStandard.Baseline, Good, path, value), Is.EqualTo(words));
            Assert.That(Violations(PodSecurityStandard.Restricted, Good, path, value), Is.EqualTo(words));
            Assert.That(Violations(PodSecurityStandard.Privileged, Good, path, value), Is.Empty);
        }
    }

    [TestCase("container.securityContext.capabilities", """{"add":["SYS_ADMIN"],"drop":["ALL"]}""",
        "non-default capabilities (container \"c\" must not include \"SYS_ADMIN\" in securityContext.capabilities.add)",
        "unrestricted capabilities (container \"c\" must not include \"SYS_ADMIN\" in securityContext.capabilities.add)")]
    [TestCase("container.securityContext.capabilities", """{"add":["CHOWN"],"drop":["ALL"]}""",
        "",
        "unrestricted capabilities (container \"c\" must not include \"CHOWN\" in securityContext.capabilities.add)")]
    [TestCase("container.securityContext.capabilities", """{"add":["NET_BIND_SERVICE"],"drop":["ALL"]}""", "", "")]
    [TestCase("spec.volumes", """[{"name":"v","hostPath":{"path":"/"}}]""",
        "hostPath volumes (volume \"v\")",
        "restricted volume types (volume \"v\" uses restricted volume type \"hostPath\")")]
    [TestCase("spec.volumes", """[{"name":"v","nfs":{}}]""", "", "restricted volume types (volume \"v\" uses restricted volume type \"nfs\")")]
    [TestCase("spec.volumes", """[{"name":"v","emptyDir":{}},{"name":"w","configMap":{}}]""", "", "")]
    [TestCase("spec.securityContext.seccompProfile", """{"type":"Unconfined"}""",
        "seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")",
        "seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")")]
    [TestCase("spec.securityContext.runAsUser", "0", "", "runAsUser=0 (pod must not set runAsUser=0)")]
    [TestCase("container.securityContext.runAsNonRoot", "false",
        "",
        "runAsNonRoot != true (container \"c\" must not set securityContext.runAsNonRoot=false)")]
    [TestCase("container.securityContext.allowPrivilegeEscalation", "true",
        "",
        "allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false)")]
    public void Restricted_asks_more_than_baseline(string path, string value, string baseline, string restricted)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Violations(PodSecurityStandard.Baseline, Good, path, value), Is.EqualTo(baseline));
            Assert.That(Violations(PodSecurityStandard.Restricted, Good, path, value), Is.EqualTo(restricted));
        }
    }

    [Test]
    public void Looks_at_init_and_ephemeral_containers_too()
    {
        const string containers = """[{"name":"i","securityContext":{"privileged":true}}]""";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Violations(PodSecurityStandard.Baseline, Good, "spec.initContainers", containers), Does.StartWith("privileged (container \"i\""));
            Assert.That(Violations(PodSecurityStandard.Baseline, Good, "spec.ephemeralContainers", containers), Does.StartWith("privileged (container \"i\""));
        }
    }

    [Test]
    public void An_older_version_keeps_its_older_rules()
    {
        const string sysctls = """[{"name":"net.ipv4.tcp_keepalive_time"}]""";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Violations(new PodSecurityPolicy(PodSecurityStandard.Baseline, 28), Good, "spec.securityContext.sysctls", sysctls), Is.Not.Empty);
            Assert.That(Violations(new PodSecurityPolicy(PodSecurityStandard.Baseline, 29), Good, "spec.securityContext.sysctls", sysctls), Is.Empty);
            Assert.That(Violations(new PodSecurityPolicy(PodSecurityStandard.Baseline, 33), Good, "container.livenessProbe", """{"tcpSocket":{"host":"h"}}"""), Is.Empty);
            Assert.That(new PodSecurityPolicy(PodSecurityStandard.Baseline, 28).ToString(), Is.EqualTo("baseline:v1.28"));
        }
    }

    private static string Violations(PodSecurityStandard level, string pod, string? path = null, string? value = null) =>
        Violations(new PodSecurityPolicy(level, null), pod, path, value);

    private static string Violations(PodSecurityPolicy policy, string pod, string? path, string? value)
    {
        var parsed = JsonNode.Parse(pod)!.AsObject();
        if (path is not null)
        {
            var parts = path.Split('.');
            JsonNode at = parts[0] == "container" ? parsed["spec"]!["containers"]![0]! : parsed[parts[0]]!;
            foreach (var part in parts[1..^1])
            {
                at = at[part] ??= new JsonObject();
            }

            at[parts[^1]] = JsonNode.Parse(value!);
        }

        return PodSecurityEvaluation.Violations(policy, parsed);
    }
}

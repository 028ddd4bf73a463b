using System.Globalization;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;

namespace Portcullis.EndToEnd.Life;

/// <summary>portcullis uninstall, and kubectl delete -k config without it.</summary>
[TestFixture]
internal sealed class UninstallTests
{
    private static readonly ApiResource[] ClusterScoped =
        [ClusterKinds.CustomResourceDefinition, ClusterKinds.ClusterRole, ClusterKinds.ClusterRoleBinding, ClusterKinds.MutatingWebhook, ClusterKinds.ValidatingWebhook];

    private static readonly ApiResource[] InNamespaces = [ClusterKinds.RoleBinding, .. GuardrailObjects.Kinds];

    [Test]
    public async Task With_a_running_operator_and_300_namespaces_everything_of_ours_is_gone_within_a_minute()
    {
        await using var site = await InstalledSite.StartAsync(namespaces: 300);
        Assert.That(await OursAsync(site), Has.Count.GreaterThan(1000), "the cluster is full of it before");

        var (code, output, error, took) = await site.UninstallAsync("--yes");
        TestContext.Out.WriteLine($"{took.TotalSeconds:0.0} s\n{output}\n{error}");

        Assert.That((code, error), Is.EqualTo((0, "")), output);
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(60)));
        Assert.That(await OursAsync(site), Is.Empty);
        Assert.That(await site.NamesAsync(ClusterKinds.Namespace), Does.Contain(site.NamespaceOf(0)).And.Contain(site.NamespaceOf(299)));
        Assert.That(await site.RefusalAsync(299), Is.Empty);
        Assert.That(site.Operator.HasExited, Is.False, "it may do nothing any more, whether it runs or not");
        var again = await site.UninstallAsync("--yes");
        Assert.That((again.Code, again.Error), Is.EqualTo((0, "")));
        Assert.That(again.Output.Split('\n').TakeWhile(l => l != "Portcullis is removed from the cluster."), Has.Exactly(12).Items.And.All.EndsWith(": none"), "nothing came back");
    }

    [Test]
    public async Task After_the_operator_was_killed_pods_are_refused_until_it_is_uninstalled()
    {
        await using var site = await InstalledSite.StartAsync(namespaces: 3);
        await site.Operator.KillAsync();
        Assert.That(await site.RefusalAsync(1), Does.Contain("failed calling webhook"), "the webhooks fail closed");
        Assert.That((await site.ListAsync(Grant.Definition)).Select(g => g["metadata"]!["finalizers"]?.ToJsonString()), Is.All.EqualTo("""["finalizers.portcullis.dev"]"""));

        var (code, output, error, took) = await site.UninstallAsync("--yes");

        Assert.That((code, error), Is.EqualTo((0, "")), output);
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(60)));
        Assert.That(await site.RefusalAsync(1), Is.Empty);
        Assert.That(await OursAsync(site), Is.Empty);
        var node = (await site.ListAsync(ClusterKinds.Node)).Single(n => n["metadata"]!["name"]!.GetValue<string>() == site.Node);
        Assert.That(node["spec"]!["taints"]!.AsArray().Select(t => t!["key"]!.GetValue<string>()), Does.Contain("theirs").And.No.Member(WellKnown.Labels.NodePool));
    }

    [Test]
    public async Task Deleting_config_alone_ends_and_leaves_nothing_that_refuses_pods()
    {
        await using var site = await InstalledSite.StartAsync(namespaces: 3);
        await site.Operator.KillAsync();
        await site.Kubectl.AskAsync("delete", "-k", InstalledSite.Config, "--ignore-not-found", "--timeout=60s");
        await Testing.Eventually.HoldsAsync(async () => (await site.RefusalAsync(2)).Length == 0, TimeSpan.FromSeconds(60), "pods to be accepted");
        Assert.That(await site.NamesAsync(ClusterKinds.ValidatingWebhook), Has.None.StartsWith("portcullis"));
        Assert.That(await site.NamesAsync(Grant.Definition), Is.Not.Empty, "what Git declared is still there, and gives what it gave");

        var (code, output, error, _) = await site.UninstallAsync("--yes");
        Assert.That((code, error), Is.EqualTo((0, "")), output);
        Assert.That(await OursAsync(site), Is.Empty);
    }

    [Test]
    public async Task What_is_asked_to_be_kept_stays_and_a_dry_run_changes_nothing()
    {
        await using var site = await InstalledSite.StartAsync(namespaces: 2);
        await site.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: root-key, namespace: portcullis-trust}\n");
        var before = await OursAsync(site);
        var plan = await site.UninstallAsync("--dry-run", "--keep-access");
        Assert.Multiple(() =>
        {
            Assert.That((plan.Code, plan.Error), Is.EqualTo((0, "")));
            Assert.That(plan.Output, Does.Contain($"    ResourceQuota {site.NamespaceOf(1)}/portcullis-guardrails").And.Contain("    CustomResourceDefinition grants.portcullis.dev"));
            Assert.That(plan.Output, Does.Contain($"Stays: the access of 1 Grant that should end: work-{site.Mark} (2035-10-31T23:59:59Z). Delete it yourself"));
            Assert.That(plan.Output, Does.Contain("Stays: the namespace portcullis-trust with 1 Secret").And.Contain("Stays: 2 namespaces made for Collections"));
            Assert.That(plan.Output, Does.Not.Contain("RoleBinding " + site.NamespaceOf(1)));
        });
        Assert.That(await OursAsync(site), Is.EquivalentTo(before));

        var unasked = await site.UninstallAsync();
        Assert.That((unasked.Code, unasked.Error), Is.EqualTo((2, "portcullis: there is no terminal to ask on: give --dry-run to see what would be removed, then --yes")));

        var (code, output, error, _) = await site.UninstallAsync("--yes", "--keep-access", "--keep-guardrails");
        Assert.That((code, error), Is.EqualTo((0, "")), output);
        var left = await OursAsync(site);
        Assert.That(left.Select(l => l.Split(' ')[0]).Distinct(), Is.EquivalentTo(new[] { "ClusterRole", "RoleBinding", "ResourceQuota", "LimitRange", "NetworkPolicy", "Namespace" }));
        Assert.That(left, Does.Contain("Namespace portcullis-trust").And.Contain($"Namespace {site.NamespaceOf(0)}").And.No.Member("Namespace portcullis-system"));
        Assert.That(await site.Kubectl.CanAsync("carl", "list", "pods", "-n", site.NamespaceOf(0)), Is.True);

        Assert.That((await site.UninstallAsync("--yes", "--delete-trust-keys")).Code, Is.Zero);
        Assert.That(await OursAsync(site), Is.Empty);
        Assert.That(await site.Kubectl.CanAsync("carl", "list", "pods", "-n", site.NamespaceOf(0)), Is.False);
    }

    [Test]
    public async Task What_cannot_be_removed_is_named_and_the_rest_goes()
    {
        await using var site = await InstalledSite.StartAsync(namespaces: 1);
        await site.Operator.KillAsync();
        await site.Kubectl.AskAsync("delete", "validatingwebhookconfiguration,mutatingwebhookconfiguration", "-l", WellKnown.Labels.ManagedSelector);
        await site.Kubectl.AskAsync("patch", "grant", $"look-{site.Mark}", "--type=json", "-p", """[{"op":"add","path":"/metadata/finalizers/-","value":"example.com/theirs"}]""");

        var (code, output, error, _) = await site.UninstallAsync("--yes", "--timeout", "2s");

        Assert.That(code, Is.EqualTo(1), output);
        Assert.That(error, Does.StartWith(
            $"portcullis: cannot remove CustomResourceDefinition grants.portcullis.dev: still there after 2 s: Grant look-{site.Mark} has the finalizers example.com/theirs\n"));
        Assert.That(await OursAsync(site), Is.EqualTo(new[] { "CustomResourceDefinition grants.portcullis.dev" }));
        await site.Kubectl.AskAsync("patch", "grant", $"look-{site.Mark}", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
        Assert.That((await site.UninstallAsync("--yes")).Code, Is.Zero);
        Assert.That(await OursAsync(site), Is.Empty);
    }

    [Test]
    public async Task An_operator_with_rights_of_its_own_is_reported_since_it_puts_back_what_goes()
    {
        await using var site = await InstalledSite.StartAsync(namespaces: 1);
        await site.Operator.KillAsync();
        await using var outside = site.StartOutsideOperator();
        await Testing.Eventually.HoldsAsync(() => outside.Output.Contains("starting the controllers", StringComparison.Ordinal), TimeSpan.FromSeconds(60));

        var (code, output, error, _) = await site.UninstallAsync("--yes", "--timeout", "5s");

        Assert.That(code, Is.EqualTo(1), output);
        Assert.That(error, Does.Match(@"portcullis: cannot remove CustomResourceDefinition \w+\.portcullis\.dev: it was put back meanwhile, by an operator with rights of its own"));
        await outside.KillAsync();
        Assert.That((await site.UninstallAsync("--yes")).Code, Is.Zero);
        Assert.That(await OursAsync(site), Is.Empty);
    }

    /// <summary>Every object that the program, config/ or crds/ made, by kind and name; and the namespaces and nodes with labels of ours.</summary>
    private static async Task<List<string>> OursAsync(InstalledSite site)
    {
        var found = new List<string>();
        foreach (var kind in ClusterScoped)
        {
            found.AddRange((await site.NamesAsync(kind)).Where(n => n.Contains("portcullis", StringComparison.Ordinal)).Select(n => $"{kind.Kind} {n}"));
        }

        foreach (var kind in InNamespaces)
        {
            found.AddRange((await site.ListAsync(kind)).Select(o => $"{kind.Kind} {o["metadata"]!["namespace"]}/{o["metadata"]!["name"]}").Where(n => n.Contains("portcullis", StringComparison.Ordinal)));
        }

        foreach (var kind in (ApiResource[])[ClusterKinds.Namespace, ClusterKinds.Node])
        {
            found.AddRange((await site.ListAsync(kind))
                .Where(o => string.Create(CultureInfo.InvariantCulture, $"{o["metadata"]!["name"]} {o["metadata"]!["labels"]} {o["spec"]}") is var text
                    && (text.Contains("portcullis", StringComparison.Ordinal) || text.Contains(".tree.", StringComparison.Ordinal)))
                .Select(o => $"{kind.Kind} {o["metadata"]!["name"]}"));
        }

        return found;
    }
}

using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;

namespace Portcullis.EndToEnd.Packaging;

/// <summary>config/, applied whole as a user would.</summary>
[TestFixture]
internal sealed class KustomizeTests
{
    [Test]
    public async Task Everything_in_config_is_accepted_and_a_second_apply_changes_nothing()
    {
        Kubectl.SkipWhenMissing();
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(cluster.KubeconfigPath);
        var first = await kubectl.AskAsync("apply", "--server-side", "-k", RepositoryFolder.Combine("config"));
        Assert.That(first, Does.Contain("deployment.apps/portcullis-operator").And.Contain("daemonset.apps/portcullis-agent")
            .And.Not.Contain("customresourcedefinition"));
        var versions = await VersionsAsync(kubectl);
        await kubectl.AskAsync("apply", "--server-side", "-k", RepositoryFolder.Combine("config"));
        Assert.That(await VersionsAsync(kubectl), Is.EqualTo(versions));
    }

    [Test]
    public void No_rule_gives_every_verb_or_more_kinds_than_it_names()
    {
        var rules = Installation.Everything().Where(m => m["kind"]!.GetValue<string>() is "Role" or "ClusterRole").SelectMany(m => m["rules"]?.AsArray() ?? []).ToList();
        Assert.That(rules, Is.Not.Empty);
        Assert.That(rules.SelectMany(r => Texts(r!, "verbs")).Distinct(), Is.SubsetOf(new[] { "get", "list", "watch", "create", "patch", "delete", "bind", "escalate" }));
        Assert.That(rules.Where(r => Texts(r!, "resources").Contains("*")).SelectMany(r => Texts(r!, "apiGroups")), Is.All.EqualTo("portcullis.dev"));
        Assert.That(
            rules.Where(r => Texts(r!, "verbs").Intersect(["bind", "escalate"]).Any()).Select(r => r!["resourceNames"]?.AsArray().Count ?? 0), Is.All.GreaterThan(0));
    }

    [Test]
    public void The_operator_may_change_the_CRDs_of_its_own_kinds_and_no_others()
    {
        var named = Installation.Everything().Where(m => m["kind"]!.GetValue<string>() == "ClusterRole").SelectMany(m => m["rules"]?.AsArray() ?? [])
            .Where(r => Texts(r!, "resources").Contains("customresourcedefinitions") && Texts(r!, "verbs").Contains("patch"))
            .SelectMany(r => Texts(r!, "resourceNames"));
        Assert.That(named, Is.EquivalentTo(Installation.Definitions().Select(d => d["metadata"]!["name"]!.GetValue<string>())));
    }

    [Test]
    public async Task The_operator_may_bind_only_the_roles_that_are_listed()
    {
        Kubectl.SkipWhenMissing();
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(cluster.KubeconfigPath);
        await kubectl.AskAsync("apply", "--server-side", "-k", RepositoryFolder.Combine("config"));
        const string Operator = "system:serviceaccount:portcullis-system:portcullis-operator";
        Assert.Multiple(async () =>
        {
            Assert.That(await kubectl.CanAsync(Operator, "bind", "clusterroles/portcullis:viewonly"), Is.True);
            Assert.That(await kubectl.CanAsync(Operator, "bind", "clusterroles/cluster-admin"), Is.False);
            Assert.That(await kubectl.CanAsync(Operator, "escalate", "clusterroles/cluster-admin"), Is.False);
            Assert.That(await kubectl.CanAsync(Operator, "delete", "namespaces"), Is.False);
            Assert.That(await kubectl.CanAsync(Operator, "get", "secrets", "-n", "default"), Is.False);
            Assert.That(await kubectl.CanAsync(Operator, "get", "secrets", "-n", "portcullis-system"), Is.True);
        });
    }

    /// <summary>Which content each object has: the generation where it has one (a status changes by itself), else the version.</summary>
    private static async Task<IEnumerable<string>> VersionsAsync(Kubectl kubectl)
    {
        var items = (await kubectl.JsonAsync("get", "-k", RepositoryFolder.Combine("config")))["items"]!.AsArray();
        return items.Where(i => i!["aggregationRule"] is null)
            .Select(i => $"{i!["kind"]} {i["metadata"]!["name"]} {i["metadata"]!["generation"] ?? i["metadata"]!["resourceVersion"]}");
    }

    private static IEnumerable<string> Texts(System.Text.Json.Nodes.JsonNode rule, string field) => rule[field]!.AsArray().Select(t => t!.GetValue<string>());
}

using System.Text.Json.Nodes;
using Portcullis.EndToEnd.Clusters;

namespace Portcullis.EndToEnd.Operator;

/// <summary>What config/ says of the namespace with the private keys of trust data: the operator reads them, and nobody else has any right there.</summary>
[TestFixture]
internal sealed class TrustKeyRightsTests
{
    private const string KeyNamespace = "portcullis-trust";

    [Test]
    public void Of_all_ServiceAccounts_the_operators_alone_may_read_the_keys_and_it_may_do_nothing_else_with_them()
    {
        var manifests = Installation.Everything().ToList();
        var role = manifests.Single(m => IsThere(m, "Role"));
        Assert.That(role["rules"]!.AsArray().Select(r => $"{Words(r!, "apiGroups")} {Words(r!, "resources")}: {Words(r!, "verbs")}"), Is.EqualTo(new[] { " secrets: get list watch" }));
        var binding = manifests.Single(m => IsThere(m, "RoleBinding"));
        Assert.That(binding["roleRef"]!["name"]!.GetValue<string>(), Is.EqualTo(role["metadata"]!["name"]!.GetValue<string>()));
        Assert.That(binding["subjects"]!.AsArray().Select(s => $"{s!["kind"]} {s["namespace"]}/{s["name"]}"), Is.EqualTo(new[] { "ServiceAccount portcullis-system/portcullis-operator" }));
    }

    [Test]
    public void No_role_for_the_whole_cluster_reads_Secrets()
    {
        var reading = Installation.Everything().Where(m => m["kind"]!.GetValue<string>() == "ClusterRole")
            .Where(m => (m["rules"]?.AsArray() ?? []).Any(r => Names(r!, "apiGroups").Any(g => g is "" or "*") && Names(r!, "resources").Any(n => n is "secrets" or "*") && Names(r!, "verbs").Any(v => v is "get" or "list" or "watch" or "*")));
        Assert.That(reading.Select(m => m["metadata"]!["name"]!.GetValue<string>()), Is.Empty);
    }

    private static bool IsThere(JsonObject manifest, string kind) => manifest["kind"]!.GetValue<string>() == kind && manifest["metadata"]!["namespace"]?.GetValue<string>() == KeyNamespace;

    private static IEnumerable<string> Names(JsonNode rule, string field) => (rule[field]?.AsArray() ?? []).Select(v => v!.GetValue<string>());

    private static string Words(JsonNode rule, string field) => string.Join(' ', Names(rule, field));
}

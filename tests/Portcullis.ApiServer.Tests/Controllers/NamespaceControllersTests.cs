using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Controllers;

internal sealed class NamespaceControllersTests : ClusterFixture
{
    [Test]
    public async Task A_namespace_is_furnished_with_account_and_certificate()
    {
        _ = await CreateNamespaceAsync("furnished");
        await Eventually.HoldsAsync(async () => await GetAsync("/api/v1/namespaces/furnished/serviceaccounts/default") is not null);
        _ = await DeleteAsync("/api/v1/namespaces/furnished/configmaps/kube-root-ca.crt");
        await Eventually.HoldsAsync(async () =>
            (await GetAsync("/api/v1/namespaces/furnished/configmaps/kube-root-ca.crt")).Object("data").String("ca.crt")?.Contains("BEGIN CERTIFICATE") == true);
    }

    [Test]
    public async Task A_deleted_namespace_takes_its_content_along()
    {
        _ = await CreateNamespaceAsync("going");
        _ = await CreateMapAsync("going", "m");
        _ = await DeleteAsync("/api/v1/namespaces/going");
        await IsGoneAsync("/api/v1/namespaces/going");
        _ = await CreateNamespaceAsync("going");
        Assert.That(await GetAsync("/api/v1/namespaces/going/configmaps/m"), Is.Null);
    }

    [Test]
    public async Task A_namespace_says_what_holds_it()
    {
        _ = await CreateNamespaceAsync("held");
        _ = await CreateMapAsync("held", "m", """ "finalizers":["example.dev/hold"] """);
        _ = await DeleteAsync("/api/v1/namespaces/held");
        await Eventually.HoldsAsync(async () =>
            Condition(await GetAsync("/api/v1/namespaces/held"), "NamespaceFinalizersRemaining") ==
            "Some content in the namespace has finalizers remaining: example.dev/hold in 1 resource instances");
        Assert.That(
            Condition(await GetAsync("/api/v1/namespaces/held"), "NamespaceContentRemaining"),
            Is.EqualTo("Some resources are remaining: configmaps. has 1 resource instances"));
        var (code, refused) = await SendAsync(HttpMethod.Post, "/api/v1/namespaces/held/configmaps", """{"metadata":{"name":"late"}}""");
        Assert.That((code, refused.String("reason")), Is.EqualTo((403, "Forbidden")));
        _ = await SendAsync(
            HttpMethod.Patch, "/api/v1/namespaces/held/configmaps/m", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await IsGoneAsync("/api/v1/namespaces/held");
    }

    [Test]
    public async Task A_quota_tells_its_use_and_holds_under_parallel_creates()
    {
        _ = await CreateNamespaceAsync("bounded");
        await Eventually.HoldsAsync(async () => await GetAsync("/api/v1/namespaces/bounded/configmaps/kube-root-ca.crt") is not null);
        _ = await CreateAsync("/api/v1/namespaces/bounded/resourcequotas", """{"metadata":{"name":"q"},"spec":{"hard":{"configmaps":"4"}}}""");
        var codes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
            (await SendAsync(HttpMethod.Post, "/api/v1/namespaces/bounded/configmaps", $$"""{ "metadata": { "name": "m{{i}}" } }""")).Code));
        Assert.That(codes.Count(code => code == 201), Is.EqualTo(3));
        await Eventually.HoldsAsync(async () =>
            (await GetAsync("/api/v1/namespaces/bounded/resourcequotas/q")).Object("status").Object("used").String("configmaps") == "4");
    }

    [Test]
    public async Task An_aggregated_role_follows_its_parts()
    {
        const string roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
        _ = await CreateAsync(roles, """{"metadata":{"name":"agg"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"to":"agg"}}]}}""");
        _ = await CreateAsync(
            roles, """{"metadata":{"name":"part","labels":{"to":"agg"}},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}""");
        await Eventually.HoldsAsync(async () => (await GetAsync($"{roles}/agg")).Array("rules") is { Count: 1 });
        _ = await DeleteAsync($"{roles}/part");
        await Eventually.HoldsAsync(async () => (await GetAsync($"{roles}/agg")).Array("rules") is null or { Count: 0 });
    }

    [Test]
    public async Task The_roles_of_a_new_cluster_are_filled_before_the_first_request()
    {
        var view = await GetAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles/view");
        var admin = await GetAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles/admin");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(view.Array("rules"), Has.Count.GreaterThan(5));
            Assert.That(admin.Array("rules"), Has.Count.GreaterThan(view.Array("rules")!.Count));
        }
    }

    private static string? Condition(JsonObject? value, string type) =>
        (value.Object("status").Array("conditions") ?? []).FirstOrDefault(condition => condition.String("type") == type).String("message");
}

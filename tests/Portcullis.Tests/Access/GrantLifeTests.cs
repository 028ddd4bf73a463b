using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access;

/// <summary>How far grants reach, when, and for whom, as each user is told who asks for himself (kubectl auth can-i --as).</summary>
[TestFixture]
internal sealed class GrantLifeTests : RunningOperatorFixture
{
    private static readonly WriteOptions ByHand = new("kubectl-edit");

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        await Operator.Cluster.ApplyAsync("""
            {apiVersion: portcullis.dev/v1alpha1, kind: Organization, metadata: {name: life}, spec: {users: [{name: una}, {name: vic}], teams: [{name: web, members: [una]}]}}
            ---
            {apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: life}, spec: {path: /life, namespaces: [{name: life}]}}
            ---
            {apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: life-web}, spec: {path: /life/web, namespaces: [{name: life-web}]}}
            ---
            {apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: life-web-shop}, spec: {path: /life/web/shop, namespaces: [{name: life-shop}]}}
            """);
        foreach (var collection in new[] { "life", "life-web", "life-web-shop" })
        {
            await Operator.UntilReadyAsync(Collection.Definition, collection);
        }
    }

    [TestCase("subtree", "Subtree", "life-web,life-shop")]
    [TestCase("exact", "Exact", "life-web")]
    [TestCase("descendants", "Descendants", "life-shop")]
    public async Task A_grant_reaches_what_its_reach_says_and_nothing_else(string name, string reach, string namespaces)
    {
        var user = $"user-{name}";
        await GrantAsync($"reach-{name}", $"{{kind: User, name: {user}}}", $"reach: {reach}, collection: /life/web");
        await UntilExactlyAsync(user, namespaces);
    }

    [Test]
    public async Task A_reach_that_is_changed_takes_away_and_gives()
    {
        await GrantAsync("shifting", "{kind: User, name: shifty}", "reach: Exact");
        await UntilExactlyAsync("shifty", "life");
        await GrantAsync("shifting", "{kind: User, name: shifty}", "reach: Descendants");
        await UntilExactlyAsync("shifty", "life-web,life-shop");
    }

    [Test]
    public async Task A_grant_of_tomorrow_gives_nothing_yet_and_begins_on_time()
    {
        var start = TimeProvider.System.GetUtcNow().AddSeconds(4);
        await GrantAsync("later", "{kind: User, name: patient}", $"startsAt: \"{Text(start)}\"");
        await Operator.UntilAsync(Grant.Definition, "later", g => g.Object("status").Object("effective").String("state") == "Pending", "told as pending");
        Assert.That(await MayAsync("patient", "life"), Is.False);
        await Operator.UntilAsync(() => MayAsync("patient", "life"), "the grant to begin");
        Assert.That(TimeProvider.System.GetUtcNow(), Is.GreaterThan(DateTimeOffset.Parse(Text(start), CultureInfo.InvariantCulture)));
        await Operator.UntilAsync(Grant.Definition, "later", g => g.Object("status").Object("effective").String("state") == "Active", "told as active");
    }

    [Test]
    public async Task A_suspended_grant_keeps_what_it_gave_gives_nothing_new_and_puts_nothing_back()
    {
        await Operator.Cluster.ApplyAsync(
            "{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: life-pause}, spec: {path: /life/pause, namespaces: [{name: life-pause-a}, {name: life-pause-b}]}}");
        await GrantAsync("pausing", "{kind: User, name: sleepy}", "collection: /life/pause");
        await UntilExactlyAsync("sleepy", "life-pause-a,life-pause-b");
        await GrantAsync("pausing", "{kind: User, name: sleepy}", "collection: /life/pause, suspend: true");
        await Operator.UntilAsync(Grant.Definition, "pausing", IsObserved, "seen as suspended");

        await Operator.Cluster.ApplyAsync(
            "{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: life-pause}, spec: {path: /life/pause, namespaces: [{name: life-pause-a}, {name: life-pause-b}, {name: life-pause-c}]}}");
        await Operator.Client.DeleteAsync(ClusterKinds.RoleBinding, new ObjectKey("life-pause-b", "portcullis:viewonly"), new DeleteOptions(), default);

        // Another grant in the same namespaces shows that they were looked at.
        await GrantAsync("waking", "{kind: User, name: wakeful}", "collection: /life/pause");
        await UntilExactlyAsync("wakeful", "life-pause-a,life-pause-b,life-pause-c");
        Assert.That(await ReachedAsync("sleepy"), Is.EqualTo("life-pause-a"));

        await GrantAsync("pausing", "{kind: User, name: sleepy}", "collection: /life/pause, suspend: false");
        await UntilExactlyAsync("sleepy", "life-pause-a,life-pause-b,life-pause-c");
        await GrantAsync("pausing", "{kind: User, name: sleepy}", "collection: /life/pause, suspend: true");
        await Operator.UntilAsync(Grant.Definition, "pausing", IsObserved, "seen as suspended");
        await Operator.Client.DeleteAsync(Grant.Definition, ObjectKey.Cluster("pausing"), new DeleteOptions(), default);
        await UntilExactlyAsync("sleepy", "");
    }

    [Test]
    public async Task A_suspended_grant_ends_when_it_expires()
    {
        var end = TimeProvider.System.GetUtcNow().AddSeconds(6);
        await GrantAsync("nap", "{kind: User, name: napper}", $"reach: Exact, expiresAt: \"{Text(end)}\"");
        await UntilExactlyAsync("napper", "life");
        await GrantAsync("nap", "{kind: User, name: napper}", $"reach: Exact, expiresAt: \"{Text(end)}\", suspend: true");
        await UntilExactlyAsync("napper", "");
        Assert.That(TimeProvider.System.GetUtcNow(), Is.GreaterThan(DateTimeOffset.Parse(Text(end), CultureInfo.InvariantCulture)));
    }

    [Test]
    public async Task Whoever_joins_a_team_gets_its_grants_and_whoever_leaves_loses_them()
    {
        await GrantAsync("team", "{kind: Team, name: life/web}", "reach: Exact");
        await GrantAsync("everyone", "{kind: Organization, name: life}", "collection: /life/web/shop");
        await UntilExactlyAsync("una", "life,life-shop");
        await UntilExactlyAsync("vic", "life-shop");
        await Operator.Client.MergePatchAsync(
            Organization.Definition,
            ObjectKey.Cluster("life"),
            JsonNode.Parse("""{"spec":{"users":[{"name":"vic"},{"name":"wim"}],"teams":[{"name":"web","members":["vic"]}]}}""")!.AsObject(),
            ByHand,
            default);
        await UntilExactlyAsync("vic", "life,life-shop");
        await UntilExactlyAsync("wim", "life-shop");
        await UntilExactlyAsync("una", "");
        Assert.That(await MayAsync("stranger", "life", "portcullis:life:web"), Is.False, "a team written out as users is no group");
    }

    [Test]
    public async Task Teams_and_organizations_given_as_groups_count_for_whoever_brings_the_group_alone()
    {
        await GrantAsync("team-group", "{kind: Team, name: life/web}", "expand: Groups, reach: Exact, collection: /life/web");
        await GrantAsync("organization-group", "{kind: Organization, name: life}", "expand: Groups, collection: /life/web/shop");
        await UntilExactlyAsync("stranger", "life-web", "portcullis:life:web");
        await UntilExactlyAsync("stranger", "life-shop", "portcullis:life");
        await UntilExactlyAsync("stranger", "life-web,life-shop", "portcullis:life", "portcullis:life:web");
        Assert.That(await ReachedAsync("portcullis:life:web"), Is.Empty, "a user of that name is not the group");
    }

    private static bool IsObserved(JsonObject value) =>
        value.Object("status")?["observedGeneration"]?.GetValue<long>() == value.Object("metadata")!["generation"]!.GetValue<long>();

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>ViewOnly on /life, if <paramref name="more"/> says nothing else.</summary>
    private Task GrantAsync(string name, string subject, string more)
    {
        var place = more.Contains("collection:", StringComparison.Ordinal) ? "" : "collection: /life, ";
        return Operator.Cluster.ApplyAsync(
            $"{{apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {{name: {name}}}, spec: {{subject: {subject}, role: ViewOnly, {place}{more}}}}}");
    }

    private async Task<bool> MayAsync(string user, string @namespace, params string[] groups)
    {
        var answer = await Operator.As(user, groups).PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { ["resourceAttributes"] = new JsonObject { ["namespace"] = @namespace, ["verb"] = "list", ["resource"] = "pods" } },
        }, CancellationToken.None);
        return answer.Object("status")!["allowed"]!.GetValue<bool>();
    }

    /// <summary>The namespaces of these tests in which a user may list pods.</summary>
    private async Task<string> ReachedAsync(string user, params string[] groups)
    {
        var reached = new List<string>();
        foreach (var name in new[] { "default", "life", "life-web", "life-shop", "life-pause-a", "life-pause-b", "life-pause-c" })
        {
            if (await MayAsync(user, name, groups))
            {
                reached.Add(name);
            }
        }

        return string.Join(',', reached);
    }

    private Task UntilExactlyAsync(string user, string namespaces, params string[] groups) =>
        Operator.UntilAsync(async () => await ReachedAsync(user, groups) == namespaces, $"{user} to reach exactly '{namespaces}'");
}

using Portcullis.Testing;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Access.Soak;

/// <summary>Random deeds of administrators and vandals, straight at the API server.</summary>
internal sealed class AccessDeeds(TestCluster cluster, FaultInjector faults, Random random)
{
    private static readonly WriteOptions ByHand = new("kubectl-edit");
    private static readonly Dictionary<string, string> Paths = new() { ["s"] = "/s", ["sa"] = "/s/a", ["sax"] = "/s/a/x", ["sb"] = "/s/b", ["t"] = "/t", ["p"] = "/p", ["q"] = "/q" };
    private static readonly string[] Leaves = ["sax", "sb", "t", "p", "q"];

    /// <summary>Named by collections: made by those (c) or by hand (h).</summary>
    private static readonly string[] Namespaces = ["c1", "c2", "c3", "c4", "c5", "c6", "h1", "h2", "h3"];

    /// <summary>Taken in by their labels alone, so that each is of one collection at most.</summary>
    private static readonly string[] Picked = ["w1", "w2", "w3"];
    private static readonly string[] Nodes = ["n1", "n2", "n3", "n4"];

    private static readonly Dictionary<string, string> Selectors = new()
    {
        ["p"] = ", namespaceSelector: {matchLabels: {squad: p}}, nodes: {selector: {matchLabels: {rack: p}}}",
        ["q"] = ", namespaceSelector: {matchExpressions: [{key: squad, operator: In, values: [q, qq]}]}, nodes: {names: [n3, n4]}",
        ["t"] = ", nodes: {selector: {matchLabels: {rack: t}}}",
    };

    private static readonly string[] Users = ["u1", "u2", "u3", "u4", "u5"];

    private readonly Dictionary<string, SemaphoreSlim> _locks = Paths.Keys.Concat(Namespaces).ToDictionary(n => n, _ => new SemaphoreSlim(1));
    private readonly ConcurrentDictionary<string, string> _home = new();
    private readonly ConcurrentDictionary<string, string> _guardrails = new();

    private KubernetesClient Client => cluster.Client;

    public async Task PrepareAsync()
    {
        foreach (var (one, i) in Namespaces.Select((n, i) => (n, i)))
        {
            _home[one] = Paths.Keys.ElementAt(i % Paths.Count);
            if (one[0] == 'h')
            {
                await cluster.ApplyAsync(NamespaceYaml(one));
            }
        }

        foreach (var one in Picked)
        {
            await cluster.ApplyAsync(NamespaceYaml(one));
        }

        foreach (var one in Nodes)
        {
            await cluster.ApplyAsync(NodeYaml(one));
        }

        await cluster.ApplyAsync(OrganizationYaml("o1", ["u1", "u2"], ["u1"]));
        await cluster.ApplyAsync(RoleYaml("r1", "get, list"));
        await cluster.ApplyAsync(SourceYaml("/s", true, "FullControl"));
        foreach (var name in Paths.Keys)
        {
            await CollectionAsync(name);
        }
    }

    public Deed Choose()
    {
        var (collection, leaf, one) = (Any(Paths.Keys), Any(Leaves), Any(Namespaces));
        var grant = $"g{random.Next(10)}";
        switch (random.Next(115))
        {
            case < 30:
                var yaml = RandomGrant(grant);
                return new Deed(yaml(), () => cluster.ApplyAsync(yaml()));
            case < 36:
                return new Deed($"delete Grant {grant}", () => DeleteAsync(Grant.Definition, ObjectKey.Cluster(grant)));
            case < 40:
                var again = RandomGrant(grant);
                return new Deed($"by force delete, at once apply {again()}", () => RecreateAsync(grant, again));
            case < 46:
                var (members, team) = (Some(Users), Some(Users));
                var organization = OrganizationYaml("o1", members, team);
                return new Deed(organization, () => cluster.ApplyAsync(organization));
            case < 49:
                var other = OrganizationYaml("o2", Some(Users), Some(Users));
                return random.Next(2) == 0
                    ? new Deed(other, () => cluster.ApplyAsync(other))
                    : new Deed("delete Organization o2", () => DeleteAsync(Organization.Definition, ObjectKey.Cluster("o2")));
            case < 58:
                return new Deed($"move {one} to {collection}", () => MoveAsync(one, collection));
            case < 63:
                var guardrails = RandomGuardrails();
                return new Deed($"guardrails of {collection}: {guardrails}", () =>
                {
                    _guardrails[collection] = guardrails;
                    return CollectionAsync(collection);
                });
            case < 67:
                return new Deed($"delete Collection {leaf}", () => DeleteAsync(Collection.Definition, ObjectKey.Cluster(leaf)));
            case < 71:
                return new Deed($"apply Collection {leaf}", () => CollectionAsync(leaf));
            case < 74:
                return new Deed($"delete Namespace {one}", () => DeleteAsync(ClusterKinds.Namespace, ObjectKey.Cluster(one)));
            case < 77:
                var mine = $"h{random.Next(1, 4)}";
                return new Deed($"apply Namespace {mine}", () => cluster.ApplyAsync(NamespaceYaml(mine)));
            case < 80:
                var source = SourceYaml(Any(["/s", "/s/a", "/t"]), random.Next(2) == 0, Any(["ViewOnly", "FullControl"]));
                return new Deed(source, () => cluster.ApplyAsync(source));
            case < 83:
                var role = RoleYaml(Any(["r1", "r2"]), Any(["get", "get, list", "get, list, watch"]));
                return new Deed(role, () => cluster.ApplyAsync(role));
            case < 84:
                return new Deed("delete AccessRole r2", () => DeleteAsync(AccessRole.Definition, ObjectKey.Cluster("r2")));
            case < 97:
                return Drift(one);
            case < 107:
                return Relabel();
            case < 112:
                return NodeDrift(Any(Nodes));
            default:
                return new Deed("cut watches", () =>
                {
                    faults.CutOpen(r => r.IsWatch);
                    return Task.CompletedTask;
                });
        }
    }

    /// <summary>Namespaces and nodes come and go, and into and out of collections, by labels that somebody else puts on them.</summary>
    private Deed Relabel()
    {
        var (one, node) = (Any(Picked), Any(["n1", "n2"]));
        var (squad, rack) = (Any(["\"p\"", "\"q\"", "\"qq\"", "null"]), Any(["\"p\"", "\"t\"", "null"]));
        return random.Next(10) switch
        {
            < 5 => new Deed($"squad {squad} on {one}", () => PatchAsync(ClusterKinds.Namespace, ObjectKey.Cluster(one), $"{{\"metadata\":{{\"labels\":{{\"squad\":{squad}}}}}}}")),
            5 => new Deed($"delete Namespace {one}", () => DeleteAsync(ClusterKinds.Namespace, ObjectKey.Cluster(one))),
            6 => new Deed($"apply Namespace {one}", () => cluster.ApplyAsync(NamespaceYaml(one))),
            _ => new Deed($"rack {rack} on {node}", () => PatchAsync(ClusterKinds.Node, ObjectKey.Cluster(node), $"{{\"metadata\":{{\"labels\":{{\"rack\":{rack}}}}}}}")),
        };
    }

    private Deed NodeDrift(string node)
    {
        var key = ObjectKey.Cluster(node);
        return random.Next(6) switch
        {
            0 => new Deed($"take our labels off {node}", () => PatchAsync(ClusterKinds.Node, key, """{"metadata":{"labels":{"portcullis.dev/collection":null,"portcullis.dev/node-pool":null}}}""")),
            1 => new Deed($"take {node} out of its pool", () => PatchAsync(ClusterKinds.Node, key, """{"metadata":{"labels":{"portcullis.dev/node-pool":null}}}""")),
            2 => new Deed($"take all taints off {node}", () => PatchAsync(ClusterKinds.Node, key, """{"spec":{"taints":null}}""")),
            3 => new Deed($"taint {node} for something else", () => PatchAsync(ClusterKinds.Node, key, """{"spec":{"taints":[{"key":"disk","value":"full","effect":"NoSchedule"}]}}""")),
            4 => new Deed($"delete Node {node}", () => DeleteAsync(ClusterKinds.Node, key)),
            _ => new Deed($"apply Node {node}", () => cluster.ApplyAsync(NodeYaml(node))),
        };
    }

    private Deed Drift(string one)
    {
        var quota = new ObjectKey(one, GuardrailObjects.Name);
        var (chance, pick) = (random.Next(7), random.Next(1000));
        return chance switch
        {
            0 => new Deed($"delete a binding in {one}", () => WithBindingAsync(one, pick, b => DeleteAsync(ClusterKinds.RoleBinding, b))),
            1 => new Deed($"put mallory into a binding in {one}", () => WithBindingAsync(one, pick, b => PatchAsync(ClusterKinds.RoleBinding, b, """{"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"mallory"}]}"""))),
            2 => new Deed($"make a stray binding in {one}", () => Client.CreateAsync(ClusterKinds.RoleBinding, Stray(one, pick), ByHand, default)),
            3 => new Deed($"delete the quota of {one}", () => DeleteAsync(ClusterKinds.ResourceQuota, quota)),
            4 => new Deed($"change the quota of {one}", () => PatchAsync(ClusterKinds.ResourceQuota, quota, """{"spec":{"hard":{"pods":"99"}}}""")),
            5 => new Deed($"take our labels off {one}", () => PatchAsync(ClusterKinds.Namespace, ObjectKey.Cluster(one), """{"metadata":{"labels":{"portcullis.dev/collection":null,"pod-security.kubernetes.io/enforce":null}}}""")),
            _ => new Deed("delete ClusterRole portcullis:r1", () => DeleteAsync(ClusterKinds.ClusterRole, ObjectKey.Cluster("portcullis:r1"))),
        };
    }

    private async Task WithBindingAsync(string @namespace, int pick, Func<ObjectKey, Task> act)
    {
        var names = new List<string>();
        await foreach (var one in Client.ListAsync(ClusterKinds.RoleBinding, new ListOptions { Namespace = @namespace }, default))
        {
            names.Add(SoakSnapshot.Name(one));
        }

        if (names.Count > 0)
        {
            await act(new ObjectKey(@namespace, names[pick % names.Count]));
        }
    }

    /// <summary>Somebody takes the finalizer off, so that the same name is there again with nothing between.</summary>
    private async Task RecreateAsync(string grant, Func<string> yaml)
    {
        var key = ObjectKey.Cluster(grant);
        await DeleteAsync(Grant.Definition, key);
        await PatchAsync(Grant.Definition, key, """{"metadata":{"finalizers":null}}""");
        await cluster.ApplyAsync(yaml());
    }

    /// <summary>Out of one and only then into the other: for a moment it is in none, and never in two.</summary>
    private Task MoveAsync(string one, string to) => _locks[one].AloneAsync(async () =>
    {
        if (_home.TryRemove(one, out var from))
        {
            await CollectionAsync(from);
        }

        _home[one] = to;
        await CollectionAsync(to);
    });

    private Task CollectionAsync(string name) => _locks[name].AloneAsync(async () =>
    {
        var members = Namespaces.Where(n => _home.GetValueOrDefault(n) == name).Select(n => n[0] == 'h' ? $"{{name: {n}, mode: Adopt}}" : $"{{name: {n}}}");
        await cluster.ApplyAsync(
            $"{{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {{name: {name}}}, spec: {{path: {Paths[name]}, namespaces: [{string.Join(", ", members)}], guardrails: {_guardrails.GetValueOrDefault(name, "{}")}{Selectors.GetValueOrDefault(name)}}}}}");
    });

    private string RandomGuardrails()
    {
        var level = Any(["", "podSecurity: Baseline", "podSecurity: Restricted"]);
        var pods = Any(["", "resourceQuota: {hard: {pods: 5}}", "resourceQuota: {hard: {pods: 9}}"]);
        var isolation = Any(["", "", "nodeIsolation: true"]);
        return $"{{{string.Join(", ", new[] { level, pods, isolation }.Where(t => t.Length > 0))}}}";
    }

    /// <summary>Its times are reckoned from when it is applied.</summary>
    private Func<string> RandomGrant(string name)
    {
        var subject = Any(["{kind: User, name: u1}", "{kind: User, name: u2}", "{kind: Team, name: o1/ta}", "{kind: Team, name: o2/ta}", "{kind: Organization, name: o1}"]);
        var isDeclared = random.Next(4) == 0;
        var role = Any<string>(isDeclared ? ["ViewOnly", "FullControl"] : ["ViewOnly", "ViewOnly", "FullControl", "r1", "r9"]);
        var more = Any(["", "", "", ", expand: Groups", ", suspend: true", ", suspend: true"]);
        var reach = Any(["", ", reach: Exact", ", reach: Descendants"]);
        var (time, seconds) = (random.Next(8), Any([1, 2, 3, 4, 5, 3600]));
        var path = Any<string>([.. Paths.Values, "/nowhere"]);
        return () =>
        {
            var at = (TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(seconds)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            var times = time switch { 0 or 1 => $", expiresAt: \"{at}\"", 2 => $", startsAt: \"{at}\"", _ => "" };
            return $"{{apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {{name: {name}{(isDeclared ? ", labels: {portcullis.dev/source: src}" : "")}}}, "
                + $"spec: {{subject: {subject}, role: {role}, collection: {path}{reach}{more}{times}}}}}";
        };
    }

    private static string OrganizationYaml(string name, IEnumerable<string> users, IEnumerable<string> team) =>
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Organization, metadata: {{name: {name}}}, spec: {{users: [{string.Join(", ", users.Union(team).Select(u => $"{{name: {u}}}"))}], teams: [{{name: ta, members: [{string.Join(", ", team)}]}}]}}}}";

    private static string RoleYaml(string name, string verbs) =>
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: AccessRole, metadata: {{name: {name}}}, spec: {{rules: [{{apiGroups: [\"\"], resources: [pods], verbs: [{verbs}]}}]}}}}";

    private static string SourceYaml(string path, bool teams, string role) =>
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: GitSource, metadata: {{name: src}}, spec: {{url: \"https://git.example.com/src\", scope: {{collections: [{path}], subjects: [\"User:u1\", {(teams ? "\"Team:o1/ta\", \"Organization:o1\"" : "\"User:u2\"")}], maximumRole: {role}}}}}}}";

    private static string NamespaceYaml(string name) => $"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}";

    private static string NodeYaml(string name) => $"{{apiVersion: v1, kind: Node, metadata: {{name: {name}}}}}";

    private static JsonObject Stray(string @namespace, int pick) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "RoleBinding",
        ["metadata"] = new JsonObject
        {
            ["name"] = pick % 2 == 0 ? "portcullis:fullcontrol" : "portcullis:stray",
            ["namespace"] = @namespace,
            ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue },
        },
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = pick % 3 == 0 ? "portcullis:viewonly" : "portcullis:fullcontrol" },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "User", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = "mallory" }),
    };

    private Task<bool> DeleteAsync(ApiResource resource, ObjectKey key) => Client.DeleteAsync(resource, key, new DeleteOptions(), default);

    private Task<JsonObject> PatchAsync(ApiResource resource, ObjectKey key, string patch) =>
        Client.MergePatchAsync(resource, key, JsonNode.Parse(patch)!.AsObject(), ByHand, default);

    private T Any<T>(ICollection<T> all) => all.ElementAt(random.Next(all.Count));

    private List<string> Some(string[] all) => [.. all.Where(_ => random.Next(2) == 0)];
}

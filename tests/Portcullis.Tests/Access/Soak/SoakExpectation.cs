using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using static Portcullis.Tests.Access.Soak.SoakSnapshot;

namespace Portcullis.Tests.Access.Soak;

/// <summary>
/// What the declared objects of a snapshot come to, worked out a second time and as simply as can be, and where the rest of the snapshot
/// says something else. Only what the soak declares is known here.
/// </summary>
internal sealed class SoakExpectation(SoakSnapshot world, DateTimeOffset now)
{
    private static readonly string[] Levels = ["Privileged", "Baseline", "Restricted"];
    private static readonly string[] BuiltIn = ["none", "viewonly", "restrictedcontrol", "scheduler", "fullcontrol"];

    private readonly List<string> _differences = [];
    private readonly Dictionary<string, JsonObject> _byPath = world.Collections.ToDictionary(c => Spec(c).String("path")!);

    /// <summary>Namespace to "role kind:name" of those who must, and of those who may (suspended grants) be bound there.</summary>
    private readonly Dictionary<string, HashSet<string>> _must = world.Namespaces.Keys.ToDictionary(n => n, _ => new HashSet<string>());
    private readonly Dictionary<string, HashSet<string>> _may = world.Namespaces.Keys.ToDictionary(n => n, _ => new HashSet<string>());

    public static IReadOnlyList<string> Differences(SoakSnapshot world, DateTimeOffset now)
    {
        var going = world.Collections.Concat(world.Grants).Concat(world.Organizations).Concat(world.Roles).Concat(world.Namespaces.Values)
            .Where(IsGoing).Select(v => $"{v.String("kind")} {Name(v)} is still being deleted").ToList();
        return going.Count > 0 ? going : new SoakExpectation(world, now).All();
    }

    private List<string> All()
    {
        foreach (var collection in world.Collections)
        {
            CheckCollection(collection);
        }

        foreach (var name in world.Namespaces.Keys.Where(n => OwnerOf(n) is null))
        {
            var metadata = world.Namespaces[name].Object("metadata");
            Same($"labels of ours on the free namespace {name}", "", string.Join(',', (metadata.Object("labels") ?? []).Select(l => l.Key).Where(k => k.Contains("portcullis.dev", StringComparison.Ordinal) || k.StartsWith("pod-security", StringComparison.Ordinal))));
            Same($"quota in the free namespace {name}", "", Pods(name));
        }

        foreach (var grant in world.Grants)
        {
            CheckGrant(grant);
        }

        foreach (var name in world.Namespaces.Keys)
        {
            CheckBindings(name);
        }

        foreach (var node in world.Nodes)
        {
            CheckNode(node);
        }

        CheckRoles();
        return _differences;
    }

    private void CheckCollection(JsonObject collection)
    {
        var (name, path) = (Name(collection), Spec(collection).String("path")!);
        var named = (Spec(collection).Array("namespaces") ?? []).OfType<JsonObject>().ToList();
        foreach (var missing in named.Where(n => n.String("mode") != "Adopt" && !world.Namespaces.ContainsKey(n.String("name")!)))
        {
            _differences.Add($"the namespace {missing.String("name")} of {name} was not made");
        }

        var (level, pods, isLoosened) = Guardrails(path);
        var members = Members(collection);
        foreach (var member in members)
        {
            var metadata = world.Namespaces[member].Object("metadata");
            var labels = metadata.Object("labels");
            Same($"collection of {member}", name, labels.String("portcullis.dev/collection"));
            Same($"path of {member}", path, metadata.Object("annotations").String("com.docker.ucp.access.label"));
            Same($"tree labels of {member}", path.Count(c => c == '/'), labels!.Count(l => Core.Collections.CollectionPath.IsTreeLabel(l.Key)));
            Same($"Pod Security of {member}", level?.ToLowerInvariant(), labels.String("pod-security.kubernetes.io/enforce"));
            Same($"quota of {member}", pods?.ToString(CultureInfo.InvariantCulture) ?? "", Pods(member));
        }

        var awaited = isLoosened ? null
            : named.Exists(n => !world.Namespaces.ContainsKey(n.String("name")!)) ? "False NamespaceMissing"
            : Spec(collection).Object("nodes").Strings("names").Except(world.Nodes.Select(Name)).Any() ? "False NodeMissing"
            : null;
        var ready = RunningOperator.Condition(collection, "Ready");
        Same($"Ready of {name}", isLoosened ? "False GuardrailLoosened" : awaited ?? "True Succeeded", $"{ready.String("status")} {ready.String("reason")}");
        Same($"namespaces of {name}", string.Join(',', members), string.Join(',', collection.Object("status").Strings("namespaces")));
        Same($"nodes of {name}", world.Nodes.Count(n => Has(collection, n)), collection.Object("status")?["nodeCount"]?.GetValue<int>());
        if (awaited is null)
        {
            CheckObserved(collection);
        }
    }

    private void CheckNode(JsonObject node)
    {
        var (name, labels) = (Name(node), node.Object("metadata").Object("labels"));
        var ours = (node.Object("spec").Array("taints") ?? []).OfType<JsonObject>().Where(t => t.String("key") == "portcullis.dev/node-pool").ToList();
        if (world.Collections.FirstOrDefault(c => Has(c, node)) is not { } owner)
        {
            Same($"labels of ours on the free node {name}", "", string.Join(',', (labels ?? []).Select(l => l.Key).Where(k => k.Contains("portcullis.dev", StringComparison.Ordinal))));
            Same($"taints of ours on the free node {name}", 0, ours.Count);
            return;
        }

        var path = Spec(owner).String("path")!;
        var pool = Ancestry(path).Where(at => Spec(_byPath[at]).Object("guardrails")?["nodeIsolation"]?.GetValue<bool>() == true).Select(at => Name(_byPath[at])).LastOrDefault();
        Same($"collection of the node {name}", Name(owner), labels.String("portcullis.dev/collection"));
        Same($"tree labels of the node {name}", path.Count(c => c == '/'), labels?.Count(l => Core.Collections.CollectionPath.IsTreeLabel(l.Key)));
        Same($"pool of the node {name}", pool, labels.String("portcullis.dev/node-pool"));
        Same($"taints of ours on the node {name}", pool is null ? "" : $"{pool} NoSchedule", string.Join(',', ours.Select(t => $"{t.String("value")} {t.String("effect")}")));
    }

    private static bool Has(JsonObject collection, JsonObject node) =>
        Spec(collection).Object("nodes") is { } nodes
        && (nodes.Strings("names").Contains(Name(node)) || Matches(nodes.Object("selector"), "rack", node));

    /// <summary>The soak selects by the values of one label.</summary>
    private static bool Matches(JsonObject? selector, string label, JsonObject value) =>
        value.Object("metadata").Object("labels").String(label) is { } present
        && (selector.Object("matchLabels").String(label) == present
            || (selector.Array("matchExpressions") ?? []).OfType<JsonObject>().Any(e => e.Strings("values").Contains(present)));

    private void CheckGrant(JsonObject grant)
    {
        var (name, spec) = (Name(grant), Spec(grant));
        var (subjects, problem) = Subjects(spec);
        var role = spec.String("role")!;
        problem = !_byPath.ContainsKey(spec.String("collection")!) ? "UnknownCollection"
            : !BuiltIn.Contains(role.ToLowerInvariant()) && !world.Roles.Any(r => Name(r) == role) ? "UnknownRole"
            : problem ?? (IsBeyondScope(grant) ? "BeyondScope" : null);
        var state = Time(spec.String("expiresAt")) is { } end && now >= end ? "Expired" : Time(spec.String("startsAt")) is { } start && now < start ? "Pending" : "Active";
        var reached = problem is null && state == "Active" ? Reached(spec) : [];
        var isSuspended = spec["suspend"]?.GetValue<bool>() == true;
        foreach (var one in reached)
        {
            (isSuspended ? _may : _must)[one].UnionWith(subjects.Select(s => $"portcullis:{role.ToLowerInvariant()} {s}"));
        }

        if (new[] { "startsAt", "expiresAt" }.Select(t => Time(spec.String(t))).Any(t => t > now && t < now.AddMinutes(1)))
        {
            _differences.Add($"{name} will change by itself in a moment");
        }

        var awaited = problem is not null || state != "Active" || subjects.Count == 0 ? null
            : Guardrails(spec.String("collection")!).IsLoosened ? "CollectionNotReady"
            : reached.Count == 0 ? "NothingInReach"
            : null;
        if (isSuspended || awaited is null)
        {
            CheckObserved(grant);
        }

        if (isSuspended)
        {
            return;
        }

        var ready = RunningOperator.Condition(grant, "Ready");
        Same($"Ready of {name}", (problem ?? awaited) is { } reason ? $"False {reason}" : "True Succeeded", $"{ready.String("status")} {ready.String("reason")}");
        var effective = grant.Object("status").Object("effective");
        if (problem is not null)
        {
            Same($"effect of {name}", null, effective?.ToJsonString());
            return;
        }

        Same($"state of {name}", state, effective.String("state"));
        Same($"namespaces of {name}", subjects.Count == 0 ? "" : string.Join(',', reached), string.Join(',', effective.Strings("firstNamespaces")));
        Same($"subjects of {name}", subjects.Count, effective?["subjects"]?.GetValue<int>());
        Same($"next change of {name}", state switch { "Active" => Time(spec.String("expiresAt")), "Pending" => Time(spec.String("startsAt")), _ => null }, Time(effective.String("nextChange")));
    }

    private void CheckBindings(string @namespace)
    {
        var bound = new HashSet<string>();
        foreach (var binding in world.Bindings.Where(b => Namespace(b) == @namespace))
        {
            foreach (var subject in (binding.Array("subjects") ?? []).OfType<JsonObject>())
            {
                if (!bound.Add($"{binding.Object("roleRef").String("name")} {subject.String("kind")}:{subject.String("name")}"))
                {
                    _differences.Add($"bound twice in {@namespace}: {binding.Object("roleRef").String("name")} {subject.String("name")}");
                }
            }
        }

        Same($"not bound in {@namespace}", "", string.Join(", ", _must[@namespace].Except(bound).Order()));
        Same($"bound in {@namespace} beyond what is granted", "", string.Join(", ", bound.Except(_must[@namespace]).Except(_may[@namespace]).Order()));
    }

    private void CheckRoles()
    {
        foreach (var role in world.Roles)
        {
            var made = world.ClusterRoles.GetValueOrDefault($"portcullis:{Name(role)}");
            Same($"verbs of the role {Name(role)}", Verbs(Spec(role).Array("rules")), Verbs(made?.Array("rules")));
            CheckObserved(role);
        }

        var declared = world.Roles.Select(Name).Concat(BuiltIn).Select(n => $"portcullis:{n}");
        Same("ClusterRoles of no role", "", string.Join(',', world.ClusterRoles.Keys.Except(declared)));
    }

    private static string Verbs(JsonArray? rules) => string.Join(',', (rules ?? []).OfType<JsonObject>().SelectMany(r => r.Strings("verbs")).Distinct().Order());

    private string Pods(string @namespace) => world.Quotas.GetValueOrDefault(@namespace)?.Object("spec").Object("hard")?["pods"]?.ToString() ?? "";

    private JsonObject? OwnerOf(string @namespace) => world.Collections.FirstOrDefault(c => Members(c).Contains(@namespace));

    private List<string> Members(JsonObject collection) =>
    [
        .. (Spec(collection).Array("namespaces") ?? []).OfType<JsonObject>().Select(n => n.String("name")!).Where(world.Namespaces.ContainsKey)
            .Union(world.Namespaces.Values.Where(n => Matches(Spec(collection).Object("namespaceSelector"), "squad", n)).Select(Name))
            .Order(StringComparer.Ordinal),
    ];

    private (string? Level, int? Pods, bool IsLoosened) Guardrails(string path)
    {
        (string? Level, int? Pods, bool IsLoosened) result = default;
        foreach (var at in Ancestry(path))
        {
            var own = Spec(_byPath[at]).Object("guardrails");
            var level = own.String("podSecurity");
            var pods = own.Object("resourceQuota").Object("hard")?["pods"] is { } value ? int.Parse(value.ToString(), CultureInfo.InvariantCulture) : (int?)null;
            var isLooser = level is not null && Array.IndexOf(Levels, level) < Array.IndexOf(Levels, result.Level);
            result = (isLooser ? result.Level : level ?? result.Level, pods is null || pods > result.Pods ? result.Pods : pods, isLooser || pods > result.Pods);
        }

        return result;
    }

    private static IEnumerable<string> Ancestry(string path) => path.Split('/').Skip(1).Select((_, i) => string.Join('/', path.Split('/').Take(i + 2)));

    private List<string> Reached(JsonObject spec)
    {
        var (path, reach) = (spec.String("collection")!, spec.String("reach"));
        return
        [
            .. world.Collections
                .Where(c => Spec(c).String("path") is { } at && (at == path ? reach != "Descendants" : reach != "Exact" && at.StartsWith(path + "/", StringComparison.Ordinal)))
                .SelectMany(Members)
                .Order(StringComparer.Ordinal),
        ];
    }

    private (List<string> Subjects, string? Problem) Subjects(JsonObject spec)
    {
        var name = spec.Object("subject").String("name")!;
        if (spec.Object("subject").String("kind") == "User")
        {
            return ([$"User:{name}"], null);
        }

        var parts = name.Split('/');
        if (world.Organizations.FirstOrDefault(o => Name(o) == parts[0]) is not { } organization)
        {
            return ([], "UnknownOrganization");
        }

        var teams = (Spec(organization).Array("teams") ?? []).OfType<JsonObject>();
        IEnumerable<string> members = (Spec(organization).Array("users") ?? []).OfType<JsonObject>().Select(u => u.String("name")!);
        if (parts.Length > 1)
        {
            if (teams.FirstOrDefault(t => t.String("name") == parts[1]) is not { } team)
            {
                return ([], "UnknownTeam");
            }

            members = team.Strings("members");
        }

        return spec.String("expand") == "Groups"
            ? ([$"Group:portcullis:{name.Replace('/', ':')}"], null)
            : ([.. members.Distinct().Select(m => $"User:{m}")], null);
    }

    private bool IsBeyondScope(JsonObject grant)
    {
        if (grant.Object("metadata").Object("labels").String("portcullis.dev/source") is not { } name || world.Sources.FirstOrDefault(s => Name(s) == name) is not { } source)
        {
            return false;
        }

        var (spec, scope) = (Spec(grant), Spec(source).Object("scope"));
        var path = spec.String("collection")!;
        var subject = $"{spec.Object("subject").String("kind")}:{spec.Object("subject").String("name")}";
        return !scope.Strings("collections").Exists(c => path == c || path.StartsWith(c + "/", StringComparison.Ordinal))
            || !scope.Strings("subjects").Exists(s => s == "*" || s == subject)
            || (scope.String("maximumRole") == "ViewOnly" && spec.String("role") != "ViewOnly");
    }

    private static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private void CheckObserved(JsonObject value) => Same(
        $"observedGeneration of {value.String("kind")} {Name(value)}", value.Object("metadata")!["generation"]!.GetValue<long>(), value.Object("status")?["observedGeneration"]?.GetValue<long>());

    private void Same<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            _differences.Add($"{what}: '{actual}' instead of '{expected}'");
        }
    }
}

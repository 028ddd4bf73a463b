using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Access;

/// <summary>A cluster in memory: what a fixture gives, planned on and applied to.</summary>
internal sealed class AccessWorld
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<(string Kind, ObjectKey Key), JsonObject> _objects = [];

    public static AccessWorld Read(string yaml)
    {
        var stream = KubernetesYaml.Read(Encoding.UTF8.GetBytes(yaml));
        Assert.That(stream.Errors, Is.Empty);
        var world = new AccessWorld();
        foreach (var document in stream.Documents)
        {
            world.Put((JsonObject)document.Root);
        }

        return world;
    }

    public IEnumerable<T> All<T>()
        where T : class, IResource<T> =>
        _objects.Where(o => o.Key.Kind == T.Definition.Kind).OrderBy(o => o.Key.Key).Select(o => o.Value.Deserialize(T.JsonType)!);

    public AccessModel Model() => AccessModel.Build(new AccessSnapshot
    {
        Collections = [.. All<Collection>()],
        Namespaces = [.. OfKind("Namespace").Select(n => new NamespaceFact(NameOf(n)) { Labels = Map(n, "labels"), Annotations = Map(n, "annotations"), IsBeingDeleted = n.Object("metadata").String("deletionTimestamp") is not null })],
        Nodes = [.. OfKind("Node").Select(n => new NodeFact(NameOf(n)) { Labels = Map(n, "labels") })],
        Organizations = [.. All<Organization>()],
        Roles = [.. All<AccessRole>()],
        Grants = [.. All<Grant>().Select(g => g.ToAccess())],
        Sources = [.. All<GitSource>().Select(s => s.ToScopeHolder("root"))],
        RootSource = "root",
    });

    public CollectionTree Tree() => Model().Tree;

    /// <summary>Everything planned for everything, as lines.</summary>
    public IReadOnlyList<string> PlanAll()
    {
        var lines = new List<string>();
        var tree = Tree();
        foreach (var name in All<Collection>().Select(c => c.Key.Name))
        {
            lines.Add($"Collection {name}");
            var node = tree.ByName(name);
            lines.AddRange(Problems(tree, name).Select(p => $"  {(p.Waits ? "waits" : "stalled")} {p.Reason} {p.Field}: {p.Message}"));
            var plan = CollectionPlanner.Plan(name, node, tree, Observe(name, node));
            lines.AddRange(plan.Actions.SelectMany(a => Lines(a.Describe(), Content(a))).Concat(InPlace(plan.InPlace.Select(o => $"{o.Resource.Kind} {o.Key}"))).Select(l => "  " + l));
            lines.AddRange(Judge(name, tree, plan).Select(l => "  " + l));
        }

        var model = Model();
        foreach (var grant in All<Grant>())
        {
            var resolution = model.Resolve(grant.ToAccess(), Now);
            lines.Add($"Grant {grant.Key}");
            lines.Add(resolution.Problem is { } problem
                ? $"  stalled {problem.Reason} {problem.Field}: {problem.Message}"
                : $"  {resolution.State} {resolution.Role!.ClusterRoleName} for {string.Join(", ", resolution.Subjects)} in {string.Join(", ", resolution.Namespaces)}"
                    + (resolution.NextChange is { } next ? $" until {next:yyyy-MM-ddTHH:mm:ss.FFFFFFF}" : ""));
            lines.AddRange(Judge(grant, resolution, model).Select(l => "  " + l));
        }

        foreach (var space in OfKind("Namespace").Select(NameOf))
        {
            var plan = BindingPlanner.Plan(space, model.In(space, Now), Bindings(space));
            lines.AddRange(plan.Actions.SelectMany(a => Lines($"{a.Describe()}: {a.Effect} for {string.Join(", ", a.OnBehalfOf)}", Content(a))).Concat(InPlace(plan.InPlace.Select(b => $"RoleBinding {b.Key}"))));
        }

        return lines;
    }

    private GivenResults Results => new(OfKind("Results").SingleOrDefault());

    /// <summary>What is said of a collection once its actions were run, or of one that is being deleted, what keeps it.</summary>
    private IEnumerable<string> Judge(string name, CollectionTree tree, CollectionPlan plan)
    {
        var results = Results.Of(plan.Actions);
        if (!All<Collection>().Single(c => c.Key.Name == name).Metadata.IsBeingDeleted)
        {
            return JudgedText.Lines(CollectionJudge.Judge(new CollectionReadBack(name, tree, Results.Network), results), Collection.JsonType);
        }

        return [(CollectionJudge.AwaitedBy(tree.ByName(name)) ?? CollectionJudge.JudgeLeaving(results)) is { } kept ? JudgedText.Of(kept) : "=> may go"];
    }

    /// <summary>What is said of a grant once the bindings of every namespace were worked on.</summary>
    private IEnumerable<string> Judge(Grant grant, GrantResolution resolution, AccessModel model)
    {
        var results = OfKind("Namespace").Select(NameOf).SelectMany(s => Results.Of(BindingPlanner.Plan(s, model.In(s, Now), Bindings(s)).Actions)).ToList();
        if (grant.Metadata.IsBeingDeleted)
        {
            return [GrantJudge.JudgeLeaving(grant.ToAccess(), results) is { } kept ? JudgedText.Of(kept) : "=> may go"];
        }

        var inForce = resolution is { IsInForce: true, Role: { IsEmpty: false } role, Subjects.Count: > 0 }
            ? resolution.Namespaces.Where(s => results.Exists(r => r is ActionResult.Done { Action: BindingAction.Apply or BindingAction.Replace } done && ((BindingAction)done.Action).Key == new ObjectKey(s, role.ClusterRoleName))
                || BindingPlanner.InForce(role, resolution.Subjects, Bindings(s).Values))
            : [];
        return JudgedText.Lines(
            GrantJudge.Judge(new GrantReadBack(resolution) { InForce = [.. inForce], StateBefore = grant.Status?.Effective?.State }, results, Now), Grant.JsonType);
    }

    /// <summary>Does what is planned; returns how many actions there were.</summary>
    public int ApplyAll()
    {
        var count = 0;
        var tree = Tree();
        foreach (var name in All<Collection>().Select(c => c.Key.Name).ToList())
        {
            var node = tree.ByName(name);
            foreach (var action in CollectionPlanner.Plan(name, node, tree, Observe(name, node)).Actions)
            {
                Apply(action);
                count++;
            }
        }

        var model = Model();
        foreach (var space in OfKind("Namespace").Select(NameOf).ToList())
        {
            foreach (var action in BindingPlanner.Plan(space, model.In(space, Now), Bindings(space)).Actions)
            {
                Apply(action);
                count++;
            }
        }

        return count;
    }

    public void Put(JsonObject value) =>
        _objects[(value.String("kind")!, new ObjectKey(value.Object("metadata").String("namespace") ?? "", NameOf(value)))] = value;

    public void Remove(string kind, ObjectKey key) => _objects.Remove((kind, key));

    public JsonObject? Get(string kind, ObjectKey key) => _objects.GetValueOrDefault((kind, key));

    public IReadOnlyDictionary<string, JsonObject> Bindings(string space) =>
        OfKind("RoleBinding").Where(b => b.Object("metadata").String("namespace") == space).ToDictionary(NameOf);

    /// <summary>What is done, and below it what is written.</summary>
    private static IEnumerable<string> Lines(string action, JsonNode? content) => content is null ? [action] : [action, "  " + content.ToJsonString()];

    private static IEnumerable<string> InPlace(IEnumerable<string> objects) => string.Join(", ", objects) is { Length: > 0 } all ? ["in place: " + all] : [];

    private JsonNode? Content(CollectionAction action) => action switch
    {
        CollectionAction.CreateNamespace create => create.Body["metadata"],
        CollectionAction.LabelNamespace label => label.Body["metadata"],
        CollectionAction.ApplyGuardrail apply => apply.Object.Body["spec"],
        CollectionAction.ClaimNode claim => new JsonObject
        {
            ["labels"] = claim.Labels.DeepClone(), ["annotations"] = claim.Annotations(), ["taints"] = CollectionPlanner.Taints(Get("Node", action.Target.Key)!, claim.Pool),
        },
        CollectionAction.ReleaseNamespace => new JsonObject { ["removes"] = OwnLabels(action) },
        CollectionAction.ReleaseNode => new JsonObject { ["removes"] = OwnLabels(action), ["taints"] = CollectionPlanner.Taints(Get("Node", action.Target.Key)!, null) },
        _ => null,
    };

    private JsonArray OwnLabels(CollectionAction action) => new([.. CollectionPlanner.OwnLabels(Get(action.Target.Resource.Kind, action.Target.Key)!).Select(l => (JsonNode)l)]);

    private static JsonObject? Content(BindingAction action) => action switch
    {
        BindingAction.Apply apply => Said(apply.Body),
        BindingAction.Replace replace => Said(replace.Body),
        _ => null,
    };

    private static JsonObject Said(JsonObject binding) => new()
    {
        ["grants"] = binding.Object("metadata").Object("annotations")![WellKnown.Annotations.Grants]!.DeepClone(),
        ["subjects"] = binding["subjects"]!.DeepClone(),
    };

    private static IEnumerable<CollectionProblem> Problems(CollectionTree tree, string name) =>
        tree.WhyOutside(name) is { } outside ? [outside] : tree.ByName(name)!.Problems;

    private CollectionObservation Observe(string name, CollectionNode? node)
    {
        bool Concerns(JsonObject o, IReadOnlyList<string> members) => members.Contains(NameOf(o))
            || Map(o, "labels").GetValueOrDefault(WellKnown.Labels.Collection) == name
            || Map(o, "annotations").ContainsKey(WellKnown.Annotations.AccessLabel);
        var spaces = OfKind("Namespace").Where(n => Concerns(n, node?.Namespaces ?? [])).ToDictionary(NameOf);
        return new CollectionObservation
        {
            Path = All<Collection>().First(c => c.Key.Name == name).Spec.Path,
            Namespaces = spaces,
            Nodes = OfKind("Node").Where(n => Concerns(n, node?.Nodes ?? [])).ToDictionary(NameOf),
            Guardrails = GuardrailObjects.Kinds
                .SelectMany(k => OfKind("Namespace").Select(s => (k, Key: new ObjectKey(NameOf(s), GuardrailObjects.Name))))
                .Where(p => Get(p.k.Kind, p.Key) is { } present && (spaces.ContainsKey(p.Key.Namespace) || Concerns(present, [])))
                .ToDictionary(p => (p.k.Plural, p.Key), p => Get(p.k.Kind, p.Key)!),
        };
    }

    private void Apply(CollectionAction action)
    {
        var (resource, key) = action.Target;
        switch (action)
        {
            case CollectionAction.CreateNamespace create:
                Put((JsonObject)create.Body.DeepClone());
                break;
            case CollectionAction.LabelNamespace label:
                Merge(Get(resource.Kind, key)!, label.Body);
                label.StaleLabels.ToList().ForEach(l => Labels(resource.Kind, key).Remove(l));
                break;
            case CollectionAction.ApplyGuardrail apply:
                Put((JsonObject)apply.Object.Body.DeepClone());
                break;
            case CollectionAction.ClaimNode claim:
                foreach (var (name, value) in claim.Labels)
                {
                    Set(Labels(resource.Kind, key), name, value);
                }

                var node = Get(resource.Kind, key)!;
                Merge(node, claim.Wanted());
                node["spec"] = new JsonObject { ["taints"] = CollectionPlanner.Taints(node, claim.Pool) };
                break;
            case CollectionAction.DeleteGuardrail:
                Remove(resource.Kind, key);
                break;
            case CollectionAction.ReleaseNamespace:
                CollectionPlanner.OwnLabels(Get(resource.Kind, key)!).ToList().ForEach(l => Labels(resource.Kind, key).Remove(l));
                Get(resource.Kind, key).Object("metadata").Object("annotations")?.Remove(WellKnown.Annotations.AccessLabel);
                break;
            case CollectionAction.ReleaseNode:
                CollectionPlanner.OwnLabels(Get(resource.Kind, key)!).ToList().ForEach(l => Labels(resource.Kind, key).Remove(l));
                var released = Get(resource.Kind, key)!;
                released.Object("metadata").Object("annotations")?.Remove(WellKnown.Annotations.AccessLabel);
                released["spec"] = new JsonObject { ["taints"] = CollectionPlanner.Taints(released, null) };
                break;
        }
    }

    private void Apply(BindingAction action)
    {
        switch (action)
        {
            case BindingAction.Apply apply:
                Put((JsonObject)apply.Body.DeepClone());
                break;
            case BindingAction.Replace replace:
                Put((JsonObject)replace.Body.DeepClone());
                break;
            default:
                Remove("RoleBinding", action.Key);
                break;
        }
    }

    private IEnumerable<JsonObject> OfKind(string kind) => _objects.Where(o => o.Key.Kind == kind).OrderBy(o => o.Key.Key).Select(o => o.Value);

    private static string NameOf(JsonObject value) => value.Object("metadata").String("name")!;

    private static Dictionary<string, string> Map(JsonObject value, string field) =>
        (value.Object("metadata").Object(field) ?? []).ToDictionary(p => p.Key, p => p.Value!.GetValue<string>());

    private JsonObject Labels(string kind, ObjectKey key)
    {
        var metadata = Get(kind, key).Object("metadata")!;
        if (metadata.Object("labels") is null)
        {
            metadata["labels"] = new JsonObject();
        }

        return metadata.Object("labels")!;
    }

    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (name, value) in source)
        {
            if (value is JsonObject inner && target[name] is JsonObject present)
            {
                Merge(present, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
        {
            target.Remove(name);
        }
        else
        {
            target[name] = value.DeepClone();
        }
    }
}

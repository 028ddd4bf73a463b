using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Sources;

/// <summary>Examples in <c>Fixtures/ApplyPlans</c>: what is given, and the plan line by line. UPDATE_FIXTURES=1 writes the plans anew.</summary>
public class ApplyPlannerTests
{
    private static readonly FixtureFolder Examples = new("ApplyPlans");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Plans_as_the_example_says(string sentence)
    {
        var given = (JsonObject)KubernetesYaml.Read(Examples.ReadBytes(sentence, "given.yaml")).Documents[0].Root;
        Examples.AssertIs(Describe(ApplyPlanner.Plan(ObservationOf(given))), sentence, "plan.txt");
    }

    private static string Describe(ApplyPlan plan)
    {
        var lines = plan.Actions.Select(a => $"{a.Phase}: {a.Describe()}{Listed(a)}{(a.After.Count > 0 ? $" (after {string.Join(", ", a.After)})" : "")}")
            .Concat(plan.Drift.Select(d => $"drift: {d.Identity}: {d.Message}"))
            .Concat(plan.Pending.Select(d => $"pending: {d.Identity}: {d.Message}"))
            .Concat(plan.PruneBlocked.Select(d => $"blocked: {d.Identity}: {d.Message}"))
            .Concat(plan.BudgetExceeded is { } excess ? [$"budget: {excess}"] : []);
        return string.Concat(lines.Select(l => l + "\n"));
    }

    private static string Listed(ApplyAction action) => action switch
    {
        ApplyAction.Record record => $": {string.Join(", ", record.Entries)}",
        ApplyAction.Forget forget => $": {string.Join(", ", forget.Entries)}",
        _ => "",
    };

    private static ApplyObservation ObservationOf(JsonObject given) => new()
    {
        Source = given.String("source") ?? "team",
        IsRoot = Flag(given, "root"),
        Settled = Flag(given, "settled"),
        PruneApproved = Flag(given, "approved"),
        Drift = Enum.Parse<DriftMode>(given.String("drift") ?? "Revert"),
        Budget = new PruneBudget(!Flag(given, "keep"), Number(given, "maxCount") ?? 20, Number(given, "maxPercent") ?? 100),
        Kinds = CoreKinds.All,
        Desired = [.. Items(given, "desired").Select(d => new DesiredObject(Entry(d.String("object")!), d.String("digest") ?? "d1", Number(d, "stage") ?? 10))],
        Unwritable = (given.Array("unwritable") ?? []).Select(i => Entry(i!.GetValue<string>()).Identity).ToHashSet(),
        Inventory = [.. (given.Array("inventory") ?? []).Select(i => Entry(i!.GetValue<string>()))],
        Live = Items(given, "live").ToDictionary(l => Entry(l.String("object")!).Identity, l => new LiveObject
        {
            Uid = "uid",
            Source = l.ContainsKey("source") ? l.String("source") : "team",
            ContentDigest = l.String("digest") ?? "d1",
            Differences = [.. (l.Array("differences") ?? []).Select(d => new FieldDifference(d!.GetValue<string>(), "1", "2"))],
            KeepWhenPruned = Flag(l, "keep"),
            IsBeingDeleted = Flag(l, "deleting"),
            Holds = l.String("holds"),
            Refused = l.String("refused"),
            Applied = !Flag(l, "foreign"),
        }),
    };

    private static IEnumerable<JsonObject> Items(JsonObject given, string name) => (given.Array(name) ?? []).OfType<JsonObject>();

    private static bool Flag(JsonObject o, string name) => o[name]?.GetValue<bool>() == true;

    private static int? Number(JsonObject o, string name) => o[name] is JsonValue value ? int.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;

    [Test]
    public void An_action_names_the_object_that_it_writes_or_deletes_and_one_of_the_inventory_none()
    {
        var entry = Entry("Grant a");
        Assert.That(new ApplyAction.Prune(entry, "uid").Target, Is.EqualTo(entry.Identity));
        Assert.That(new ApplyAction.Create(new DesiredObject(entry, "d1", 10)).Target, Is.EqualTo(entry.Identity));
        Assert.That(new ApplyAction.Forget([entry]).Target, Is.Null);
    }

    /// <summary><c>Kind name</c> or <c>Kind namespace/name</c>; <c>Kind.group</c> for kinds of others, nothing after the dot for the core group.</summary>
    private static InventoryEntry Entry(string text)
    {
        var parts = text.Split(' ', 2);
        var kind = parts[0].Split('.', 2);
        var group = kind.ElementAtOrDefault(1) ?? "portcullis.dev";
        var key = parts[1].Split('/');
        return new InventoryEntry(
            group switch { "portcullis.dev" => "portcullis.dev/v1alpha1", "" => "v1", _ => $"{group}/v1" },
            new ObjectIdentity(group, kind[0], key.Length == 2 ? new ObjectKey(key[0], key[1]) : ObjectKey.Cluster(key[0])));
    }
}

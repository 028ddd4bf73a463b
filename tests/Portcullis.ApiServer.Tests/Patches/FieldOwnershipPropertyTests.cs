using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Patches.Apply;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Tests.Patches;

/// <summary>What must hold of server-side apply for any objects and any managers, on seeded random ones.</summary>
[TestFixture]
internal sealed class FieldOwnershipPropertyTests
{
    private static readonly StructuralSchema Schema = StructuralSchema.Parse(JsonNode.Parse("""
        {"type":"object","properties":{
          "spec":{"type":"object","properties":{
            "a":{"type":"string"},"b":{"type":"integer"},
            "map":{"type":"object","additionalProperties":{"type":"string"}},
            "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
            "list":{"type":"array","items":{"type":"string"}},
            "items":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
              "items":{"type":"object","properties":{"name":{"type":"string"},"value":{"type":"integer"},"note":{"type":"string"}}}}}}}}
        """));

    [Test]
    public void Applying_the_same_again_changes_nothing([Range(1, 150)] int seed)
    {
        var random = new Random(seed);
        var (live, managed) = World(random);
        var config = Config(random);
        live = Apply(live, managed, config, "m0") ?? live;
        var before = managed.Copy();
        Assert.Multiple(() =>
        {
            Assert.That(Apply(live, managed, config, "m0"), Is.Null);
            Assert.That(managed.SameAs(before), Is.True);
        });
    }

    [Test]
    public void What_was_applied_is_in_the_object_and_belongs_to_its_manager([Range(1, 150)] int seed)
    {
        var random = new Random(seed);
        var (live, managed) = World(random);
        var config = Config(random);
        live = Apply(live, managed, config, "m0") ?? live;
        var claimed = FieldWalk.FieldsOf(config, Schema);
        FieldOwnership.Strip(claimed);
        var comparison = FieldWalk.Compare(live, (JsonObject)Merge.Apply(live, config, Schema)!, Schema);
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Added.IsEmpty && comparison.Modified.IsEmpty && comparison.Removed.IsEmpty, Is.True);
            Assert.That(claimed.IsEmpty || FieldSet.Equal(managed.Entries[ManagerKey.Applier("m0", "")].Fields, claimed), Is.True);
        });
    }

    [Test]
    public void Applying_nothing_takes_away_only_what_nobody_else_applied([Range(1, 150)] int seed)
    {
        var random = new Random(seed);
        var managed = new ManagedFields();
        var others = Config(random);
        var live = Apply([], managed, others, "m1") ?? [];
        live = Apply(live, managed, Config(random), "m0") ?? live;
        live = Apply(live, managed, new JsonObject { ["spec"] = new JsonObject() }, "m0") ?? live;
        var mine = FieldWalk.FieldsOf(live, Schema);
        var stillTheirs = managed.Entries.TryGetValue(ManagerKey.Applier("m1", ""), out var entry) ? entry.Fields : new FieldSet();
        Assert.That(FieldSet.Difference(stillTheirs, mine).IsEmpty, Is.True, "a field that another manager owns is gone");
    }

    [Test]
    public void Without_force_a_different_value_of_an_owned_field_conflicts()
    {
        var managed = new ManagedFields();
        var live = Apply([], managed, Parse("""{"spec":{"a":"1","items":[{"name":"x","value":1}]}}"""), "m1")!;
        var error = Assert.Throws<StatusException>(() => FieldOwnership.Apply(
            live, Parse("""{"spec":{"a":"2","items":[{"name":"x","value":2}]}}"""), managed, ManagerKey.Applier("m2", ""), "v1", Schema, force: false));
        Assert.That(error!.Message, Is.EqualTo(
            "Apply failed with 2 conflicts: conflicts with \"m1\":\n- .spec.a\n- .spec.items[name=\"x\"].value"));
    }

    [Test]
    public void An_item_that_its_only_applier_drops_goes_with_the_fields_nobody_owns()
    {
        var managed = new ManagedFields();
        var live = Apply([], managed, Parse("""{"spec":{"items":[{"name":"x","value":1},{"name":"y"}]}}"""), "m1")!;
        live["spec"]!["items"]![0]!["note"] = "defaulted";
        var next = Apply(live, managed, Parse("""{"spec":{"items":[{"name":"y"}]}}"""), "m1")!;
        Assert.That(next.ToJsonString(), Is.EqualTo("""{"spec":{"items":[{"name":"y"}]}}"""));
    }

    private static (JsonObject Live, ManagedFields Managed) World(Random random)
    {
        var managed = new ManagedFields();
        JsonObject live = [];
        for (var i = 0; i < 4; i++)
        {
            live = Apply(live, managed, Config(random), $"m{random.Next(3)}") ?? live;
        }

        return (live, managed);
    }

    private static JsonObject? Apply(JsonObject live, ManagedFields managed, JsonObject config, string manager) =>
        FieldOwnership.Apply(live, config, managed, ManagerKey.Applier(manager, ""), "v1", Schema, force: true);

    private static JsonObject Config(Random random)
    {
        var spec = new JsonObject();
        Maybe(random, () => spec["a"] = $"{random.Next(3)}");
        Maybe(random, () => spec["b"] = random.Next(3));
        Maybe(random, () => spec["map"] = new JsonObject(Names(random).Select(n => KeyValuePair.Create(n, (JsonNode?)$"{random.Next(3)}"))));
        Maybe(random, () => spec["set"] = new JsonArray(Names(random).Select(n => (JsonNode?)n).ToArray()));
        Maybe(random, () => spec["list"] = new JsonArray(Names(random).Select(n => (JsonNode?)n).ToArray()));
        Maybe(random, () => spec["items"] = new JsonArray(Names(random).Select(n => (JsonNode?)Item(random, n)).ToArray()));
        return new JsonObject { ["spec"] = spec };
    }

    private static JsonObject Item(Random random, string name)
    {
        var item = new JsonObject { ["name"] = name };
        Maybe(random, () => item["value"] = random.Next(3));
        Maybe(random, () => item["note"] = $"{random.Next(3)}");
        return item;
    }

    private static List<string> Names(Random random) => new[] { "x", "y", "z" }.Where(_ => random.Next(2) == 0).ToList();

    private static void Maybe(Random random, Action action)
    {
        if (random.Next(2) == 0)
        {
            action();
        }
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}

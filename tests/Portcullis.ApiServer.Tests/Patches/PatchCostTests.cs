using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Patches;
using Portcullis.ApiServer.Patches.Apply;
using Portcullis.ApiServer.Resources;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Tests.Patches;

/// <summary>Bodies within the size limit that once cost gigabytes or hours: the cost of a request grows with its size alone.</summary>
[TestFixture]
internal sealed class PatchCostTests
{
    private const int Many = 100_000;

    private static readonly StructuralSchema Schema = StructuralSchema.Parse(JsonNode.Parse("""
        {"type":"object","properties":{
          "set":{"type":"array","x-kubernetes-list-type":"set","x-kubernetes-patch-strategy":"merge","items":{"type":"string"}},
          "items":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
            "x-kubernetes-patch-strategy":"merge","x-kubernetes-patch-merge-key":"name",
            "items":{"type":"object","properties":{"name":{"type":"string"},"value":{"type":"integer"}}}}}}
        """));

    /// <summary>Thirty operations that each double the value would make a gigabyte of a byte.</summary>
    [Test]
    public void Copies_of_a_json_patch_together_are_no_larger_than_a_body()
    {
        var patch = new JsonArray();
        for (var i = 0; i < 40; i++)
        {
            patch.Add(new JsonObject { ["op"] = "copy", ["from"] = "/data", ["path"] = $"/data/{i}" });
        }

        var refused = Assert.Throws<StatusException>(() => JsonPatch.Apply(new JsonObject { ["data"] = new JsonObject { ["a"] = new string('x', 1000) } }, patch));
        Assert.That(refused!.Code, Is.EqualTo(422));
        var few = (JsonArray)JsonNode.Parse("""[{"op":"copy","from":"/data","path":"/copy"},{"op":"move","from":"/copy/a","path":"/moved"}]""")!;
        Assert.That(
            JsonPatch.Apply(new JsonObject { ["data"] = new JsonObject { ["a"] = 1 } }, few).ToJsonString(), Is.EqualTo("""{"data":{"a":1},"copy":{},"moved":1}"""));
    }

    [Test]
    public void A_json_patch_nests_no_deeper_than_a_body()
    {
        var patch = new JsonArray();
        for (var i = 0; i < 3000; i++)
        {
            patch.Add(new JsonObject { ["op"] = "add", ["path"] = "/b", ["value"] = new JsonObject() });
            patch.Add(new JsonObject { ["op"] = "move", ["from"] = "/a", ["path"] = "/b/a" });
            patch.Add(new JsonObject { ["op"] = "move", ["from"] = "/b", ["path"] = "/a" });
        }

        var refused = Assert.Throws<StatusException>(() => JsonPatch.Apply(new JsonObject { ["a"] = new JsonObject() }, patch));
        Assert.That(refused!.Code, Is.EqualTo(422));
    }

    [Test]
    [CancelAfter(20_000)]
    public void Moving_a_large_value_ten_thousand_times_copies_nothing(CancellationToken cancellationToken)
    {
        var large = new JsonArray([.. Enumerable.Range(0, Many).Select(i => (JsonNode)JsonValue.Create(i))]);
        var patch = new JsonArray();
        for (var i = 0; i < 10_000; i++)
        {
            patch.Add(new JsonObject { ["op"] = "move", ["from"] = i % 2 == 0 ? "/a" : "/b", ["path"] = i % 2 == 0 ? "/b" : "/a" });
        }

        Assert.That(JsonPatch.Apply(new JsonObject { ["a"] = large }, patch)["a"]!.AsArray(), Has.Count.EqualTo(Many));
        Assert.That(cancellationToken.IsCancellationRequested, Is.False);
    }

    [Test]
    [CancelAfter(20_000)]
    public void Lists_of_a_hundred_thousand_items_are_merged_in_seconds(CancellationToken cancellationToken)
    {
        var live = Lists(0, Many);
        var change = Lists(Many / 2, Many);
        var applied = (JsonObject)Merge.Apply(live, change, Schema)!;
        var merged = StrategicMergePatch.Apply(live, change, Schema);
        var order = (JsonObject)change.DeepClone();
        order["$setElementOrder/set"] = live["set"]!.DeepClone();
        order["$deleteFromPrimitiveList/set"] = live["set"]!.DeepClone();
        _ = StrategicMergePatch.Apply(live, order, Schema);

        Assert.Multiple(() =>
        {
            Assert.That((applied["items"]!.AsArray().Count, applied["set"]!.AsArray().Count), Is.EqualTo((Many * 3 / 2, Many * 3 / 2)));
            Assert.That((merged["items"]!.AsArray().Count, merged["set"]!.AsArray().Count), Is.EqualTo((Many * 3 / 2, Many * 3 / 2)));
            Assert.That(merged["items"]![Many / 2]!["name"]!.GetValue<string>(), Is.EqualTo(Name(Many / 2)), "in its place");
            Assert.That(cancellationToken.IsCancellationRequested, Is.False);
        });
    }

    [Test]
    [CancelAfter(20_000)]
    public void A_hundred_thousand_unknown_fields_are_dropped_in_seconds_and_a_hundred_are_named(CancellationToken cancellationToken)
    {
        var value = new JsonObject();
        for (var i = 0; i < Many; i++)
        {
            value[Name(i)] = 1;
        }

        var unknown = new List<string>();
        TypedDecoder.Normalize(value, Schema, unknown);

        Assert.That((value.ContainsKey(Name(0)), value.ContainsKey(Name(Many - 1)), unknown.Count), Is.EqualTo((false, false, 100)));
        Assert.That(cancellationToken.IsCancellationRequested, Is.False);
    }

    [Test]
    [CancelAfter(20_000)]
    public void A_long_key_above_many_short_ones_costs_no_product(CancellationToken cancellationToken)
    {
        var text = new StringBuilder("{\"").Append('k', 1_000_000).Append("\":{\"a\":1");
        for (var i = 0; i < Many; i++)
        {
            text.Append(",\"a\":1");
        }

        var problems = new List<string>();
        Assert.That(LenientJson.Read(Encoding.UTF8.GetBytes(text.Append("}}").ToString()), problems), Is.Not.Null);
        Assert.That(problems, Has.Count.EqualTo(100));
        Assert.That(cancellationToken.IsCancellationRequested, Is.False);
    }

    private static JsonObject Lists(int first, int count) => new()
    {
        ["set"] = new JsonArray([.. Enumerable.Range(first, count).Select(i => (JsonNode)JsonValue.Create(Name(i)))]),
        ["items"] = new JsonArray([.. Enumerable.Range(first, count).Select(i => (JsonNode)new JsonObject { ["name"] = Name(i), ["value"] = i })]),
    };

    private static string Name(int index) => "n" + index.ToString(CultureInfo.InvariantCulture);
}

using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects;

namespace Portcullis.ApiServer.Tests.Storage;

/// <summary>An object that is kept as JSON and read as nodes, as labels, or sent as it is.</summary>
internal sealed class StoredObjectTests
{
    private static readonly ApiResource Kind = new("", "v1", "ConfigMap", "configmaps", true);

    [TestCase("""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"kind":"x","apiVersion":"y"}}""", """{"metadata":{"name":"a"},"data":{"kind":"x","apiVersion":"y"}}""")]
    [TestCase("""{"metadata":{},"data":{"\u00e9\n":"\"}"},"apiVersion":"v1","kind":"ConfigMap"}""", """{"metadata":{},"data":{"\u00e9\n":"\"}"}}""")]
    [TestCase("""{"kind":"ConfigMap","apiVersion":"v1"}""", "{}")]
    [TestCase("""{"kinds":[1,{"kind":"ConfigMap"}],"number":1e400,"kind":"ConfigMap"}""", """{"kinds":[1,{"kind":"ConfigMap"}],"number":1e400}""")]
    public void Only_the_two_members_that_name_the_kind_are_left_out_and_all_others_are_sent_as_they_are_stored(string json, string expected)
    {
        var stored = Stored(json);
        Assert.Multiple(() =>
        {
            Assert.That(Written(stored, withType: false), Is.EqualTo(expected));
            Assert.That(Written(stored, withType: true), Is.EqualTo(json));
        });
    }

    [TestCase("""{"metadata":{"name":"a","labels":{"app":"web","tier":""}},"labels":{"not":"these"}}""", """{"app":"web","tier":""}""")]
    [TestCase("""{"spec":{"metadata":{"labels":{"not":"these"}}},"metadata":{"annotations":{"labels":"nor these"},"labels":{"app":"web"}}}""", """{"app":"web"}""")]
    [TestCase("""{"metadata":{"labels":null}}""", null)]
    [TestCase("""{"metadata":{"labels":[]}}""", null)]
    [TestCase("""{"metadata":{"name":"a"}}""", null)]
    [TestCase("""{"metadata":"a"}""", null)]
    [TestCase("{}", null)]
    public void Labels_are_the_same_whether_the_object_was_read_as_nodes_before_or_not(string json, string? expected)
    {
        var stored = Stored(json);
        Assert.That(stored.Labels?.ToJsonString(), Is.EqualTo(expected), "read from the JSON alone");
        var nodes = json == """{"metadata":"a"}""" ? null : stored.Object;
        Assert.That(stored.Labels?.ToJsonString(), Is.EqualTo(expected), "read from the nodes");
        GC.KeepAlive(nodes);
    }

    [Test]
    public void Its_nodes_are_shared_while_somebody_holds_them_and_made_anew_after()
    {
        var stored = Stored("""{"metadata":{"name":"a"}}""");
        var held = stored.Object;
        Assert.That(stored.Object, Is.SameAs(held));
        var forgotten = Read(Stored("""{"metadata":{"name":"b"}}"""), out var other);
        GC.Collect();
        Assert.Multiple(() =>
        {
            Assert.That(forgotten.IsAlive, Is.False, "thousands of objects are kept as JSON alone");
            Assert.That(other.Object["metadata"]!["name"]!.GetValue<string>(), Is.EqualTo("b"));
            Assert.That(stored.Object, Is.SameAs(held));
        });
    }

    [Test]
    public void What_was_stored_as_nodes_is_sent_as_their_JSON()
    {
        var stored = new StoredObject(Kind, new ObjectKey("d", "a"), 7, new JsonObject { ["kind"] = "ConfigMap", ["data"] = new JsonObject { ["a"] = "é<&" } });
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(Written(stored, withType: false)), JsonNode.Parse("""{"data":{"a":"é<&"}}""")), Is.True);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Read(StoredObject stored, out StoredObject same)
    {
        same = stored;
        return new WeakReference(stored.Object);
    }

    private static StoredObject Stored(string json) => new(Kind, new ObjectKey("d", "a"), 7, Encoding.UTF8.GetBytes(json));

    private static string Written(StoredObject stored, bool withType)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            stored.WriteTo(writer, withType);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>On kinds of ours every field counts: one that nobody declares is found, and taken off.</summary>
internal sealed class UndeclaredFieldsTests
{
    // Declared, live, what is found, the merge patch.
    [TestCase("""{"spec": {"a": 1}}""", """{"spec": {"a": 2}}""", "", "none")]
    [TestCase("""{"spec": {"a": 1}}""", """{"spec": {"a": 1, "b": {"c": 2}}}""", "spec.b: {\"c\":2} -> (absent)", """{"spec":{"b":null}}""")]
    [TestCase("""{"spec": {"m": {"a": 1}}}""", """{"spec": {"m": {"a": 1, "runtimes": {}}}}""", "spec.m.runtimes: {} -> (absent)", """{"spec":{"m":{"runtimes":null}}}""")]
    [TestCase("""{"spec": {"l": [{"a": 1}, 2]}}""", """{"spec": {"l": [{"a": 3, "b": 4}, 2]}}""", "spec.l[0].b: 4 -> (absent)", """{"spec":{"l":[{"a":1},2]}}""")]
    [TestCase("""{"spec": {"l": [1]}}""", """{"spec": {"l": [1, 2]}}""", "", """{"spec":{"l":[1]}}""")]
    [TestCase("""{"spec": {"l": [{"m": [1]}]}}""", """{"spec": {"l": [{"m": [1, 2]}]}}""", "", """{"spec":{"l":[{"m":[1]}]}}""")]
    [TestCase("""{"spec": {}}""", """{"spec": {}, "extra": 1}""", "extra: 1 -> (absent)", """{"extra":null}""")]
    [TestCase("""{"spec": {"status": {}}}""", """{"spec": {"status": {"kind": 1}}}""", "spec.status.kind: 1 -> (absent)", """{"spec":{"status":{"kind":null}}}""")]
    [TestCase("{}", """{"apiVersion": "v1", "kind": "A", "metadata": {"labels": {"a": "b"}}, "status": {"a": 1}}""", "", "none")]
    public void Are_found_and_taken_off(string declared, string live, string found, string patch)
    {
        Assert.That(string.Join("; ", UndeclaredFields.Of(Object(declared), Object(live))), Is.EqualTo(found));
        Assert.That(UndeclaredFields.Removal(Object(declared), Object(live))?.ToJsonString() ?? "none", Is.EqualTo(patch));
    }

    private static JsonObject Object(string text) => (JsonObject)JsonNode.Parse(text)!;
}

using System.Text.Json.Nodes;
using Portcullis.Core.Drift;

namespace Portcullis.Core.Tests.Drift;

/// <summary>Whether an object already is as asked, field by field.</summary>
internal sealed class DesiredStateTests
{
    [TestCase("""{"a": 1}""", """{"a": 1, "b": 2}""", true)]
    [TestCase("""{"a": 1, "b": 2}""", """{"a": 1}""", false)]
    [TestCase("""{"a": 1}""", """{"a": 2}""", false)]
    [TestCase("""{"a": null}""", """{"a": 1}""", true)]
    [TestCase("""{"a": {"b": 1}}""", """{"a": {"b": 1, "c": 2}}""", true)]
    [TestCase("""{"a": {"b": 1}}""", """{"a": 1}""", false)]
    [TestCase("""{"a": {"b": 1}}""", "{}", false)]
    [TestCase("""{"a": {}}""", "{}", true)]
    [TestCase("""{"a": {}}""", """{"a": {}}""", true)]
    [TestCase("""{"a": {}}""", """{"a": {"b": 1}}""", false)]
    [TestCase("""{"a": []}""", "{}", true)]
    [TestCase("""{"a": []}""", """{"a": []}""", true)]
    [TestCase("""{"a": []}""", """{"a": [1]}""", false)]
    [TestCase("""{"a": [1]}""", "{}", false)]
    [TestCase("""{"a": [1, 2]}""", """{"a": [1, 2]}""", true)]
    [TestCase("""{"a": [1, 2]}""", """{"a": [2, 1]}""", false)]
    [TestCase("""{"a": [1]}""", """{"a": [1, 2]}""", false)]
    [TestCase("""{"a": [{"b": 1}]}""", """{"a": [{"b": 1, "c": 2}]}""", true)]
    [TestCase("""{"a": "1"}""", """{"a": "1000m"}""", true)]
    [TestCase("""{"a": "1"}""", """{"a": "2"}""", false)]
    [TestCase("""{"a": "x"}""", """{"a": "y"}""", false)]
    [TestCase("""{"a": "x"}""", """{"a": "1"}""", false)]
    [TestCase("""{"a": "1"}""", """{"a": "x"}""", false)]
    [TestCase("""{"a": "1"}""", """{"a": 1}""", false)]
    [TestCase("""{"a": 1}""", """{"a": "1"}""", false)]
    public void Holds_when_every_field_that_is_named_is_there(string desired, string observed, bool holds) =>
        Assert.That(DesiredState.Holds(JsonNode.Parse(desired), JsonNode.Parse(observed)), Is.EqualTo(holds));

    [Test]
    public void An_object_that_is_not_there_is_not_as_asked()
    {
        Assert.That(DesiredState.Holds(JsonNode.Parse("""{"a": 1}"""), null), Is.False);
        Assert.That(DesiredState.Holds(JsonValue.Create(1), null), Is.False);
        Assert.That(DesiredState.Holds(null, null), Is.True);
    }
}

using System.Text.Json.Nodes;
using Portcullis.Core.Drift;

namespace Portcullis.Core.Tests.Drift;

/// <summary>What an Event says of a change that was undone.</summary>
internal sealed class DriftedFieldsTests
{
    [TestCase("""{"metadata":{"labels":{"team":"a"}}}""", """{"metadata":{"labels":{"team":"b","mine":"1"}}}""", """metadata.labels.team: "b" in place of "a" """)]
    [TestCase("""{"metadata":{"labels":{"team":"a"}}}""", """{"metadata":{"labels":{}}}""", "metadata.labels.team was missing")]
    [TestCase("""{"metadata":{"labels":{"team":"a"}}}""", """{"metadata":{}}""", "metadata.labels was missing")]
    [TestCase("""{"subjects":[{"name":"ann"}]}""", """{"subjects":[{"name":"ann"},{"name":"bob"}]}""", "subjects differed")]
    [TestCase("""{"spec":{"hard":{"cpu":"1"}}}""", """{"spec":{"hard":{"cpu":"1000m"}}}""", "")]
    [TestCase("""{"spec":{"replicas":1}}""", """{"spec":{"replicas":3}}""", "spec.replicas: 3 in place of 1")]
    public void Each_field_is_named_with_what_it_was_and_what_it_is_to_be(string wanted, string live, string words) =>
        Assert.That(DriftedFields.Of(Parse(wanted), Parse(live)), Is.EqualTo(words.Trim()));

    [Test]
    public void A_label_that_must_not_be_there_is_named_with_its_value() => Assert.That(
        DriftedFields.Of([], Parse("""{"metadata":{"labels":{"enforce":"privileged"}}}"""), ["enforce", "gone"]),
        Is.EqualTo("""metadata.labels.enforce: "privileged" was added"""));

    [Test]
    public void Many_fields_and_long_values_are_cut()
    {
        var wanted = new JsonObject([.. Enumerable.Range(0, 7).Select(i => KeyValuePair.Create<string, JsonNode?>($"f{i}", "a"))]);
        var live = new JsonObject([.. Enumerable.Range(0, 7).Select(i => KeyValuePair.Create<string, JsonNode?>($"f{i}", new string('b', 1000)))]);
        Assert.That(DriftedFields.Of(wanted, live), Has.Length.LessThan(600).And.EndsWith(" and 2 more").And.Contains("f4: \"bbb").And.Not.Contain("f5"));
    }

    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(text)!;
}

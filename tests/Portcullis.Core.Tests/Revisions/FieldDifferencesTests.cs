using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>What a plan shows of a change: the fields that Git declares, with both values.</summary>
internal sealed class FieldDifferencesTests
{
    [TestCase("""{"spec": {"a": 1}}""", """{"spec": {"a": 1, "b": 2}}""", "")]
    [TestCase("""{"spec": {"a": 1, "b": 2}}""", """{"spec": {"a": 2}}""", "spec.a: 2 -> 1; spec.b: (absent) -> 2")]
    [TestCase("""{"spec": {"a": 1}}""", "{}", "spec: (absent) -> {\"a\":1}")]
    [TestCase("""{"spec": {"a": null}}""", """{"spec": {"a": 1}}""", "")]
    [TestCase("""{"spec": {"a": {}, "b": []}}""", """{"spec": {}}""", "")]
    [TestCase("""{"spec": {"a": {}, "b": []}}""", """{"spec": {"a": 1, "b": 1}}""", "spec.a: 1 -> {}; spec.b: 1 -> []")]
    [TestCase("""{"spec": {"a": {"x": 1}, "b": [1]}}""", """{"spec": {}}""", "spec.a: (absent) -> {\"x\":1}; spec.b: (absent) -> [1]")]
    [TestCase("""{"spec": {"a": [1, {"x": 1}]}}""", """{"spec": {"a": [1, {"x": 2, "y": 3}]}}""", "spec.a[1].x: 2 -> 1")]
    [TestCase("""{"spec": {"a": [1]}}""", """{"spec": {"a": [1, 2]}}""", "spec.a: [1,2] -> [1]")]
    [TestCase("""{"spec": {"a": 1}}""", """{"spec": {"a": 1.0}}""", "")]
    [TestCase("""{"spec": {"a": 1000}}""", """{"spec": {"a": 1e3}}""", "")]
    [TestCase("""{"spec": {"a": 1}}""", """{"spec": {"a": 1.5}}""", "spec.a: 1.5 -> 1")]
    [TestCase("""{"spec": {"a": "1"}}""", """{"spec": {"a": 1}}""", "spec.a: 1 -> \"1\"")]
    [TestCase("""{"spec": {"a": 1}}""", """{"spec": {"a": true}}""", "spec.a: true -> 1")]
    [TestCase("""{"spec": {"a": 1}}""", """{"spec": {"a": {"b": 1}}}""", "spec.a: {\"b\":1} -> 1")]
    [TestCase("""{"apiVersion": "v1", "kind": "A", "status": {"a": 1}}""", """{"apiVersion": "v2", "kind": "B", "status": {"a": 2}}""", "")]
    [TestCase("""{"metadata": {"name": "a", "uid": "1", "labels": {"x": "1"}, "annotations": {"y": "1"}}}""", """{"metadata": {"name": "b", "labels": {"x": "2", "z": "3"}}}""",
        "metadata.labels.x: \"2\" -> \"1\"; metadata.annotations.y: (absent) -> \"1\"")]
    [TestCase("""{"metadata": {"labels": {"x": "1"}}}""", "{}", "metadata.labels.x: (absent) -> \"1\"")]
    [TestCase("""{"kind": "Secret", "stringData": {"a": "b"}, "data": {"c": "d"}}""", """{"kind": "Secret"}""", "data: (absent) -> (hidden)")]
    [TestCase("""{"kind": "Other", "stringData": {"a": "b"}}""", """{"kind": "Other"}""", "stringData: (absent) -> {\"a\":\"b\"}")]
    public void Of_what_is_declared_with_what_is_live(string declared, string live, string expected) =>
        Assert.That(string.Join("; ", FieldDifferences.Between(Object(declared), Object(live))), Is.EqualTo(expected));

    [TestCase("""{"registry-mirrors": ["https://ann:word@m"]}""", """{"registry-mirrors": ["https://m"]}""", "spec.daemonJSON.registry-mirrors[0]: \"https://m\" -> \"https://***@m\"")]
    [TestCase("""{"registry-mirrors": ["https://m"]}""", """{"registry-mirrors": ["https://ann:word@m", "https://bob:word@n"]}""", "spec.daemonJSON.registry-mirrors: [\"https://***@m\",\"https://***@n\"] -> [\"https://m\"]")]
    [TestCase("""{"log-opts": {"splunk-token": "word"}}""", """{"log-opts": {"splunk-token": "other"}}""", "spec.daemonJSON.log-opts.splunk-token: \"(hidden)\" -> \"(hidden)\"")]
    [TestCase("""{"log-opts": {"splunk-token": "word"}}""", "null", "spec.daemonJSON: (absent) -> {\"log-opts\":\"(hidden)\"}")]
    public void Credentials_of_daemon_json_are_not_shown(string declared, string live, string expected) => Assert.That(
        string.Join("; ", FieldDifferences.Between(Object($$"""{"spec": {"daemonJSON": {{declared}} } }"""), Object($$"""{"spec": {"daemonJSON": {{live}} } }"""))),
        Is.EqualTo(expected));

    [Test]
    public void Credentials_in_an_undeclared_field_are_not_shown_either() => Assert.That(
        UndeclaredFields.Of(
            Object("""{"spec": {"daemonJSON": {}}}"""),
            Object("""{"spec": {"daemonJSON": {"registry-mirrors": ["https://ann:word@m"], "proxies": {"http-proxy": "http://ann:word@p"}}}}""")).Select(d => d.ToString()),
        Is.EqualTo(new[] { "spec.daemonJSON.registry-mirrors: [\"https://***@m\"] -> (absent)", "spec.daemonJSON.proxies: \"(hidden)\" -> (absent)" }));

    [Test]
    public void A_number_that_was_made_here_is_the_same_as_one_that_was_read()
    {
        Assert.That(FieldDifferences.Between(new JsonObject { ["a"] = 1 }, Object("""{"a": 1.0}""")), Is.Empty);
        Assert.That(FieldDifferences.Between(Object("""{"a": 1.0}"""), new JsonObject { ["a"] = 1L }), Is.Empty);
    }

    // Declared, what the server made of it, and what is live.
    [TestCase("""{"cpu": 0.5}""", """{"cpu": "500m"}""", """{"cpu": "500m"}""", "")]
    [TestCase("""{"cpu": 0.5}""", """{"cpu": "500m"}""", """{"cpu": "600m"}""", "spec.cpu: \"600m\" -> 0.5")]
    [TestCase("""{"memory": "1024Mi", "cpu": "2000m"}""", """{"memory": "1Gi", "cpu": "2"}""", """{"memory": "1Gi", "cpu": "3"}""", "spec.cpu: \"3\" -> \"2000m\"")]
    [TestCase("""{"globalDefault": false, "description": ""}""", "{}", "{}", "")]
    [TestCase("""{"globalDefault": false, "description": ""}""", "{}", """{"globalDefault": true}""", "spec.globalDefault: true -> false")]
    [TestCase("""{"globalDefault": false}""", "{}", """{"globalDefault": false}""", "")]
    [TestCase("""{"l": [{"cpu": 0.5}]}""", """{"l": [{"cpu": "500m", "x": 1}]}""", """{"l": [{"cpu": "500m"}]}""", "")]
    [TestCase("""{"l": [1]}""", """{"l": [1, 2]}""", """{"l": [1, 2]}""", "")]
    [TestCase("""{"l": [1]}""", """{"l": [1, 2]}""", """{"l": [1, 3]}""", "spec.l: [1,3] -> [1]")]
    [TestCase("""{"l": [{"cpu": 0.5}, {"cpu": 1}]}""", """{"l": [{"cpu": "500m"}]}""", """{"l": [{"cpu": "500m"}, {"cpu": "1"}]}""", "spec.l[0].cpu: \"500m\" -> 0.5; spec.l[1].cpu: \"1\" -> 1")]
    [TestCase("""{"m": {"a": 1}}""", """{"m": "gone"}""", """{"m": {"a": 2}}""", "spec.m.a: 2 -> 1")]
    public void What_the_server_makes_of_a_value_is_as_declared(string declared, string canonical, string live, string expected) =>
        Assert.That(
            string.Join("; ", FieldDifferences.Between(Object($$"""{"spec": {{declared}}}"""), Object($$"""{"spec": {{live}}}"""), Object($$"""{"spec": {{canonical}}}"""))),
            Is.EqualTo(expected));

    [TestCase("""{"a": "aGk="}""", "")]
    [TestCase("""{"a": "aG8="}""", "data.a: (hidden) -> (hidden)")]
    [TestCase("{}", "data.a: (absent) -> (hidden)")]
    public void StringData_of_a_Secret_is_compared_as_data_and_never_shown(string data, string expected) =>
        Assert.That(
            string.Join("; ", FieldDifferences.Between(
                Object("""{"apiVersion": "v1", "kind": "Secret", "stringData": {"a": "hi"}}"""), Object($$"""{"apiVersion": "v1", "kind": "Secret", "data": {{data}}}"""))),
            Is.EqualTo(expected));

    [TestCase(118, "x\"")]
    [TestCase(119, "x…")]
    public void A_long_value_is_cut(int length, string end)
    {
        var difference = FieldDifferences.Between(new JsonObject { ["a"] = new string('x', length) }, []).Single();
        Assert.That(difference.Declared, Has.Length.EqualTo(length + 2).And.EndsWith(end));
    }

    [Test]
    public void Between_two_revisions_what_is_removed_counts_too() =>
        Assert.That(
            FieldDifferences.Both(Object("""{"spec": {"b": 1, "c": 2}}"""), Object("""{"spec": {"a": 1, "b": 2}}""")).Select(d => d.ToString()),
            Is.EqualTo(new[] { "spec.a: 1 -> (absent)", "spec.b: 2 -> 1", "spec.c: (absent) -> 2" }));

    [TestCase("""{"spec": {"a": [1]}}""", """{"spec": {"a": [1, 2]}}""", "spec")]
    [TestCase("""{"spec": {"a": [1]}}""", """{"spec": {"a": [2]}}""", "")]
    [TestCase("""{"spec": {"a": [{"b": [1]}]}}""", """{"spec": {"a": [{"b": []}]}}""", "spec")]
    [TestCase("""{"data": [1], "spec": [1]}""", """{"data": [], "spec": [1]}""", "data")]
    [TestCase("""{"metadata": {"finalizers": [1]}, "status": [1], "kind": [1], "apiVersion": [1]}""", """{"metadata": {"finalizers": []}, "status": [], "kind": [], "apiVersion": []}""", "")]
    [TestCase("""{"spec": {"a": [1], "b": [1]}}""", """{"spec": {"a": [1, 2], "b": [1]}}""", "spec")]
    [TestCase("""{"spec": [{"b": [1]}, {"b": [1]}]}""", """{"spec": [{"b": []}, {"b": [1]}]}""", "spec")]
    [TestCase("""{"spec": {"a": [1]}}""", "{}", "")]
    [TestCase("""{"spec": {"a": 1}}""", """{"spec": {"a": [1]}}""", "")]
    public void Lists_of_another_length_are_found_below_any_field(string declared, string live, string fields) =>
        Assert.That(string.Join(" ", FieldDifferences.WithOtherItems(Object(declared), Object(live))), Is.EqualTo(fields));

    private static JsonObject Object(string text) => (JsonObject)JsonNode.Parse(text)!;
}

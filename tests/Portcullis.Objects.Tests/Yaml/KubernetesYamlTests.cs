using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Objects.Tests.Yaml;

public class KubernetesYamlTests
{
    private static YamlStream Read(string text, YamlLimits? limits = null) => KubernetesYaml.Read(Encoding.UTF8.GetBytes(text), limits);

    private static string Json(string text)
    {
        var stream = Read(text);
        Assert.That(stream.Errors, Is.Empty, text);
        return KubernetesJson.ToText(stream.Documents.Single().Root);
    }

    [TestCase("a: y", """{"a":true}""")]
    [TestCase("a: n", """{"a":false}""")]
    [TestCase("a: Yes", """{"a":true}""")]
    [TestCase("a: OFF", """{"a":false}""")]
    [TestCase("a: yEs", """{"a":"yEs"}""")]
    [TestCase("a: 'n'", """{"a":"n"}""")]
    [TestCase("a: \"yes\"", """{"a":"yes"}""")]
    [TestCase("a: ", """{"a":null}""")]
    [TestCase("a: ~", """{"a":null}""")]
    [TestCase("a: Null", """{"a":null}""")]
    [TestCase("a: nil", """{"a":"nil"}""")]
    [TestCase("a: 1", """{"a":1}""")]
    [TestCase("a: +1", """{"a":1}""")]
    [TestCase("a: 1_000", """{"a":1000}""")]
    [TestCase("a: 017", """{"a":15}""")]
    [TestCase("a: 0o17", """{"a":15}""")]
    [TestCase("a: 0x1F", """{"a":31}""")]
    [TestCase("a: -0b11", """{"a":-3}""")]
    [TestCase("a: 08", """{"a":8}""")]
    [TestCase("a: 9223372036854775807", """{"a":9223372036854775807}""")]
    [TestCase("a: -9223372036854775808", """{"a":-9223372036854775808}""")]
    [TestCase("a: 18446744073709551615", """{"a":18446744073709552000}""")]
    [TestCase("a: 1.0", """{"a":1}""")]
    [TestCase("a: 1e3", """{"a":1000}""")]
    [TestCase("a: 1.5", """{"a":1.5}""")]
    [TestCase("a: .5", """{"a":0.5}""")]
    [TestCase("a: 1e-7", """{"a":1e-7}""")]
    [TestCase("a: 1e21", """{"a":1e+21}""")]
    [TestCase("a: 1e999", """{"a":"1e999"}""")]
    [TestCase("a: 1:30", """{"a":"1:30"}""")]
    [TestCase("a: 1.2.3", """{"a":"1.2.3"}""")]
    [TestCase("a: 2001-12-14", """{"a":"2001-12-14"}""")]
    [TestCase("a: 2001-12-14t21:59:43.10-05:00", """{"a":"2001-12-14t21:59:43.10-05:00"}""")]
    [TestCase("a: !!str 5", """{"a":"5"}""")]
    [TestCase("a: !!int '5'", """{"a":5}""")]
    [TestCase("a: !!float 1", """{"a":1}""")]
    [TestCase("a: !!binary aGk=", """{"a":"hi"}""")]
    [TestCase("a: !mine 5", """{"a":"5"}""")]
    [TestCase("a: ! 5", """{"a":"5"}""")]
    [TestCase("1: a\ntrue: b\n1.5: c\n0x10: d", """{"1":"a","true":"b","1.5":"c","16":"d"}""")]
    [TestCase("y: 1", """{"true":1}""")]
    [TestCase("a: |\n  x\n  y\nb: >-\n  x\n  y", """{"a":"x\ny\n","b":"x y"}""")]
    [TestCase("a: x\n  y", """{"a":"x y"}""")]
    [TestCase("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [TestCase("x: &x {b: 1, c: 2}\na:\n  <<: *x\n  c: 3", """{"x":{"b":1,"c":2},"a":{"b":1,"c":3}}""")]
    [TestCase("x: &x {b: 1}\ny1: &y {b: 2, c: 3}\na:\n  <<: [*x, *y]", """{"x":{"b":1},"y1":{"b":2,"c":3},"a":{"b":1,"c":3}}""")]
    [TestCase("\uFEFFa: 1", """{"a":1}""")]
    [TestCase("a: 1\r\nb:\r\n- x\r\n", """{"a":1,"b":["x"]}""")]
    [TestCase("{\n\t\"a\": [1, 2.50, \"\\u00e4\\/\"],\n\t\"b\": null\n}", """{"a":[1,2.5,"ä/"],"b":null}""")]
    [TestCase("{a: b, c: [d]}", """{"a":"b","c":["d"]}""")]
    [TestCase("%YAML 1.1\n---\na: 1", """{"a":1}""")]
    [TestCase("---\n# nothing\n---\na: 1\n...\n---\n", """{"a":1}""")]
    public void Reads_as_Kubernetes_reads(string yaml, string json) => Assert.That(Json(yaml), Is.EqualTo(json));

    [TestCase("a: 1\na: 2", 2, 1, "key \"a\" already set in map")]
    [TestCase("a:\n  b: 1\n  \"b\": 2", 3, 3, "key \"b\" already set in map")]
    [TestCase("{\"a\": 1,\n \"a\": 2}", 2, 2, "key \"a\" already set in map")]
    [TestCase("a: .inf", 1, 4, "JSON has no number .inf")]
    [TestCase("a: .NaN", 1, 4, "JSON has no number .NaN")]
    [TestCase("? [a]\n: b", 1, 3, "a key must be a text")]
    [TestCase("~: b", 1, 1, "a key must not be null")]
    [TestCase("a: *b", 1, 4, "unknown anchor 'b'")]
    [TestCase("a: &a [*a]", 1, 8, "anchor 'a' value contains itself")]
    [TestCase("a: \"open", 1, 4, "")]
    [TestCase("a:\n\tb: 1", 2, 1, "")]
    [TestCase("a: [1, 2", 2, 1, "")]
    [TestCase("a: 1\n---\nb: {c: 1\n", 4, 1, "")]
    [TestCase("a: 1\n b: 2", 2, 3, "")]
    [TestCase("a: \u0001", 1, 4, "control character U+0001")]
    [TestCase("a: 1\n<<: {a: 2}", 2, 1, "<< would change key \"a\"")]
    [TestCase("<<: 1", 1, 1, "map merge requires")]
    [TestCase("a: !!int x", 1, 4, "cannot decode `x` as a !!int")]
    public void Says_what_is_wrong_and_where(string yaml, int line, int column, string message)
    {
        var error = Read(yaml).Errors.Single();
        Assert.Multiple(() =>
        {
            Assert.That(error.Message, Does.StartWith(message));
            Assert.That(error.Position.Line, Is.EqualTo(line), error.Message);
            Assert.That(error.Position.Column, Is.EqualTo(column).Within(message.Length == 0 ? 6 : 0), error.Message);
        });
    }

    [Test]
    public void An_error_in_one_document_leaves_the_others_readable()
    {
        var stream = Read("a: 1\n---\nb: [\n---\nc: 3\n");
        Assert.Multiple(() =>
        {
            Assert.That(stream.Documents.Select(d => KubernetesJson.ToText(d.Root)), Is.EqualTo(new[] { """{"a":1}""", """{"c":3}""" }));
            Assert.That(stream.Errors, Has.Count.EqualTo(1));
            Assert.That(stream.Documents[1].Start, Is.EqualTo(new YamlPosition(5, 1)));
        });
    }

    [Test]
    public void Refuses_bytes_that_are_not_text()
    {
        var error = KubernetesYaml.Read([.. "a: b\nc: "u8, 0xff, 0xfe]).Errors.Single();
        Assert.That(error, Is.EqualTo(new YamlError(new YamlPosition(2, 4), "not UTF-8 text; is this a binary file?")));
    }

    [Test]
    public void Refuses_what_is_larger_than_the_caller_allows()
    {
        var error = Read("a: bbbbbbbb", new YamlLimits { MaxBytes = 5 }).Errors.Single();
        Assert.That(error.Message, Is.EqualTo("the file has 11 bytes; at most 5 are read"));
    }

    [TestCase("[")]
    [TestCase("{\"a\":")]
    [TestCase("{a: ")]
    [TestCase("- ")]
    [TestCase("? ")]
    [TestCase("- - ? - ")]
    public void Refuses_endless_nesting(string opening)
    {
        var stream = Read(string.Concat(Enumerable.Repeat(opening, 50_000)));
        Assert.That(stream.Errors, Has.Count.EqualTo(1));
    }

    [Test]
    public void Refuses_an_alias_bomb()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            var alias = $"*a{i - 1}";
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat(alias, 10))}]\n");
        }

        var error = Read(bomb.ToString()).Errors.Single();
        Assert.That(error.Message, Is.EqualTo("document contains excessive aliasing"));
    }

    [TestCase("a: [*x, *x, *x, *x, *x, *x, *x, *x, *x]\n", "many small bombs in one stream")]
    [TestCase("a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]\n", "YAML")]
    [TestCase("{\"a\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}\n", "JSON")]
    public void Refuses_more_values_in_a_stream_than_memory_is_meant_for(string document, string what)
    {
        var text = string.Concat(Enumerable.Repeat(document.Replace("a: [*x", "b: &x [1, 2, 3, 4]\na: [*x", StringComparison.Ordinal) + "---\n", 1000));
        var stream = Read(text, new YamlLimits { MaxValues = 1000 });
        Assert.Multiple(() =>
        {
            Assert.That(stream.Errors.Select(e => e.Message), Is.EqualTo(new[] { "there are more than 1000 values up to here; put them into several files" }), what);
            Assert.That(stream.Documents, Has.Count.InRange(10, 100));
        });
    }

    [Test]
    public void What_begins_like_JSON_and_is_YAML_costs_its_values_once()
    {
        var stream = Read("{\"a\": [1, 2, 3, 4, 5, 6], b: yaml}\n", new YamlLimits { MaxValues = 10 });
        Assert.That(stream.Errors, Is.Empty);
        Assert.That(stream.Documents.Single().Root.ToJsonString(), Is.EqualTo("{\"a\":[1,2,3,4,5,6],\"b\":\"yaml\"}"));
    }

    [Test]
    public void Finds_every_value_by_its_field_path()
    {
        var document = Read("metadata:\n  labels:\n    app.kubernetes.io/name: x\nspec:\n  rules:\n  - name: a\n  - name: b\n    port: 1\n").Documents.Single();
        Assert.Multiple(() =>
        {
            Assert.That(document.PositionOf("metadata.labels[app.kubernetes.io/name]"), Is.EqualTo(new YamlPosition(3, 5)));
            Assert.That(document.PositionOf("metadata.labels.app.kubernetes.io/name"), Is.EqualTo(new YamlPosition(3, 5)));
            Assert.That(document.PositionOf("spec.rules[1].port"), Is.EqualTo(new YamlPosition(8, 5)));
            Assert.That(document.PositionOf("spec.rules[1]"), Is.EqualTo(new YamlPosition(7, 5)));
            Assert.That(document.PositionOf("spec.rules[1].missing.deep"), Is.EqualTo(new YamlPosition(7, 5)));
            Assert.That(document.PositionOf("status"), Is.EqualTo(new YamlPosition(1, 1)));
            Assert.That(document.Places.Positions.Keys, Does.Contain("metadata.labels[app.kubernetes.io/name]").And.Contain("spec.rules[0].name"));
        });
    }

    [Test]
    public void Knows_how_keys_are_written_that_are_read_as_booleans()
    {
        var document = KubernetesYaml.Read("a:\n  n: {off: 1, true: 2, \"no\": 3}\n  list: [{Yes: 1}]\n"u8).Documents.Single();

        Assert.That(
            new[] { "a.false.false", "a.false.true", "a.false.no", "a.list[0].true", "a.list[0].absent", "b.false", "" }.Select(document.Places.AsWritten),
            Is.EqualTo(new[] { "a.n.off", "a.n.true", "a.n.no", "a.list[0].Yes", "a.list[0].absent", "b.false", "" }));
    }

    [TestCase("2026-01-31 \"quoted\"")]
    [TestCase("0123456789-01 back\\slash")]
    [TestCase("2026-01-31: it's \"both\"")]
    public void A_text_that_must_be_quoted_and_holds_quotes_reads_back(string text) =>
        Assert.That(KubernetesYaml.Read(Encoding.UTF8.GetBytes(KubernetesYaml.Write(new JsonArray(text)))).Documents.Single().Root[0]!.GetValue<string>(), Is.EqualTo(text));

    [TestCase("a *d")]
    [TestCase("a, \"b *d")]
    [TestCase("*")]
    public void A_key_reads_back_as_it_was_written(string key) =>
        Assert.That(
            ((JsonObject)KubernetesYaml.Read(Encoding.UTF8.GetBytes(KubernetesYaml.Write(new JsonObject { [key] = null }))).Documents.Single().Root!).Single().Key, Is.EqualTo(key));
}

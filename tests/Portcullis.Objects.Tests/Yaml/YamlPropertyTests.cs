using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Objects.Tests.Yaml;

/// <summary>What must hold for any value and any bytes; seeds are fixed, so a failure repeats.</summary>
public class YamlPropertyTests
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "yes", "n", "Y", "null", "~", "1", "0x1F", "1_000", "1e3", ".5", "-", "- a", "?", ": ", "a: b", "a #b", "#a", "a:", "'", "\"", "it's", "\\", "\t", "a\tb", "a\n", "a\nb", "\n", "\na",
        " a\nb", "a \nb", "a\nb \n", "a\n\n", "a\r\nb", "\u0001", "\u007f", "\u0085", "\u2028", "\ufeff", "ä", "😀", "%a", "@a", "`a", "&a", "*a", "!a", "|", ">", "{", "}", "[", "]", ",", "a,b", "{a}", "<<", "=",
        "---", "...", "--- a", "2001-01-01", "2001-01-01T00:00:00Z", "12:30:45", "1:30", "+1", "-1", "+.inf", ".nan", "0o7", "08", "on", "off", "true", "a\n  b\n c", "key: value\nother: [1]\n", "- x\n- y", "trailing ",
    ];

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 4 ? 6 : 8) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonNumber.Create(random.NextInt64(long.MinValue, long.MaxValue)),
        3 => JsonNumber.Create(Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-10, 25)), random.Next(0, 15))),
        4 or 5 => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]),
        _ => Object(random, depth),
    };

    private static JsonObject Object(Random random, int depth)
    {
        var members = new JsonObject();
        for (var i = random.Next(5); i > 0; i--)
        {
            members[Texts[random.Next(Texts.Length)]] = Value(random, depth + 1);
        }

        return members;
    }

    [Test]
    public void Whatever_is_written_reads_back_equal([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            var value = Object(random, 0);
            if (value.Count == 0)
            {
                continue;
            }

            var yaml = KubernetesYaml.Write(value);
            var stream = KubernetesYaml.Read(Encoding.UTF8.GetBytes(yaml));
            Assert.That(stream.Errors, Is.Empty, yaml);
            Assert.That(CanonicalJson.ToText(stream.Documents.Single().Root), Is.EqualTo(CanonicalJson.ToText(value)), yaml);
        }
    }

    [Test]
    public void Every_nasty_text_survives_as_key_and_value()
    {
        foreach (var text in Texts)
        {
            var value = new JsonObject { [text] = text, ["list"] = new JsonArray(JsonValue.Create(text)) };
            var yaml = KubernetesYaml.Write(value);
            var stream = KubernetesYaml.Read(Encoding.UTF8.GetBytes(yaml));
            Assert.That(stream.Errors, Is.Empty, yaml);
            Assert.That(CanonicalJson.ToText(stream.Documents.Single().Root), Is.EqualTo(CanonicalJson.ToText(value)), yaml);
        }
    }

    [Test]
    public void Writes_as_kubectl_does()
    {
        const string Yaml = """
            apiVersion: v1
            data:
              empty: ""
              flag: "true"
              num: "5"
              script: |
                a
                b
              text: 'a: b'
            list:
            - name: x
              ports:
              - 1
              - 2.5
            none: {}
            nothing: []

            """;
        var document = KubernetesYaml.Read(Encoding.UTF8.GetBytes(Yaml)).Documents.Single();
        Assert.That(KubernetesYaml.Write(document.Root), Is.EqualTo(Yaml));
    }

    [TestCase(128, "k")]
    [TestCase(129, "? k")]
    [TestCase(2000, "? k")]
    public void A_long_key_is_written_so_that_it_reads(int length, string begins)
    {
        var key = "k" + new string('x', length - 1);
        var value = new JsonObject { ["a"] = new JsonObject { [key] = new JsonObject { [key] = new JsonArray(1, new JsonObject { [key] = "x" }) } }, ["b"] = new JsonArray(new JsonObject { [key] = null }) };
        var yaml = KubernetesYaml.Write(value);
        Assert.That(yaml.Split('\n')[1].Trim(), Does.StartWith(begins));
        Assert.That(CanonicalJson.AreEqual(KubernetesYaml.Read(Encoding.UTF8.GetBytes(yaml)).Documents.Single().Root, value), yaml);
    }

    [Test]
    public void No_bytes_make_it_throw_or_linger([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        var seeds = new[]
        {
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: {a: b, \"c\": 'd'}\ndata:\n  x: |\n    a\n    b\n  y: >-\n    c\n---\n- &a [1, 2]\n- *a\n- <<: {b: 1}\n",
            "{\"a\": [1, 2.5e3, \"\\u00e4\", null, true], \"b\": {\"c\": {}}}\n",
            "? a\n: b\n!!str c: !!int 5\n# comment\n\"d\\n\": 'e'\n...\n%YAML 1.1\n---\nf: *g\n",
        };
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 1_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]).ToList();
            for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 1; changes--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(5))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                        break;
                    case 2:
                        bytes.Insert(at, (byte)"{}[]:,-?&*!|>'\"%@`#\n\t <~"[random.Next(24)]);
                        break;
                    case 3:
                        bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1));
                        break;
                    default:
                        bytes.RemoveRange(at, bytes.Count - at);
                        break;
                }
            }

            Assert.That(() => KubernetesYaml.Read([.. bytes]), Throws.Nothing, Convert.ToBase64String([.. bytes]));
        }

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)));
    }

    [TestCase("a: \"", "\\x")]
    [TestCase("a: ", "b ")]
    [TestCase("", "a: |\n")]
    [TestCase("a: |\n", "  x\n")]
    [TestCase("", "- ")]
    [TestCase("", "a:\n")]
    [TestCase("", "&a ")]
    [TestCase("", "!a ")]
    [TestCase("", "---\n")]
    [TestCase("", "# c\n")]
    [TestCase("[", "a, ")]
    [TestCase("", "\n")]
    [TestCase("", "x")]
    public void A_megabyte_of_anything_is_read_in_seconds(string start, string repeated)
    {
        var text = start + string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length));
        var watch = Stopwatch.StartNew();
        KubernetesYaml.Read(Encoding.UTF8.GetBytes(text));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
    }
}

using System.Text;
using System.Text.Json;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Tests.Trust.Tuf;

[TestFixture]
internal sealed class CanonicalWriterTests
{
    /// <summary>The right side is what Go's docker/go/canonical/json writes.</summary>
    [TestCase("{ \"b\" : 1 , \"a\" : [ 1 , null, true , false ] }", "{\"a\":[1,null,true,false],\"b\":1}")]
    [TestCase("{\"b\":{\"d\":1,\"c\":2},\"a\":{\"z\":[],\"y\":{}},\"c\":-3}", "{\"a\":{\"y\":{},\"z\":[]},\"b\":{\"c\":2,\"d\":1},\"c\":-3}")]
    [TestCase("{\"aa\":1,\"a\":2,\"B\":3,\"\":4}", "{\"\":4,\"B\":3,\"a\":2,\"aa\":1}")]
    [TestCase("\"\\u003c\\u0026\\u003e\\/\\u2028\\u00e4\"", "\"<&>/\u2028ä\"")]
    [TestCase("\"a\\nb\\tc\\u0000\"", "\"a\nb\tc\0\"")]
    [TestCase("\"\\u0022\\u005c\"", "\"\\\"\\\\\"")]
    [TestCase("{\"z\":1,\"\\\"\":2,\"#\":3}", "{\"\\\"\":2,\"#\":3,\"z\":1}")]
    [TestCase("{\"\\\\b\":1,\"\\\\a\":2,\"Z\":3}", "{\"Z\":3,\"\\\\a\":2,\"\\\\b\":1}")]
    [TestCase("\"\\ud83d\\ude00\"", "\"😀\"")]
    [TestCase("9007199254740992", "9007199254740992")]
    [TestCase("{\"é\":1,\"z\":2,\"\\u007f\":3}", "{\"z\":2,\"\u007f\":3,\"é\":1}")]
    public void Everything_has_one_form(string json, string canonical)
    {
        Assert.That(Written(json), Is.EqualTo(canonical));
    }

    [TestCase("{\"a\":1,\"a\":1}")]
    [TestCase("{\"b\":1,\"a\":1,\"b\":2}")]
    [TestCase("{\"a\":{\"x\":1,\"\\u0078\":1}}")]
    [TestCase("1.5")]
    [TestCase("1.0")]
    [TestCase("1e3")]
    [TestCase("-0")]
    [TestCase("9007199254740993")]
    [TestCase("-9007199254740993")]
    [TestCase("123456789012345678901234567890")]
    [TestCase("\"\\ud800\"")]
    [TestCase("{\"\\udc00\":1}")]
    public void What_two_readers_may_read_in_two_ways_has_none(string json) => Assert.That(() => Written(json), Throws.InstanceOf<MalformedMetadataException>());

    [TestCase("{\"a\":1,}")]
    [TestCase("{\"a\":1} x")]
    [TestCase("{\"a\":1}{}")]
    [TestCase("01")]
    [TestCase("+1")]
    [TestCase("{a:1}")]
    [TestCase("\"a\nb\"")]
    [TestCase("/**/1")]
    [TestCase("[1")]
    [TestCase("")]
    public void What_is_no_JSON_has_none(string json) => Assert.That(() => Written(json), Throws.InstanceOf<JsonException>());

    /// <summary>Whatever is written in whatever order and spacing, the same values have the same form, and another value another.</summary>
    [Test]
    public void The_form_follows_from_the_values_alone()
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var value = Value(random, 0);
            var form = Written(Text(value, random));
            Assert.That(Written(Text(value, random)), Is.EqualTo(form));
            Assert.That(Written($"[{form},1]"), Is.Not.EqualTo(Written($"[{form},2]")));
        }
    }

    /// <summary>The quick look never takes for canonical what the writer would write in another way, or refuse, whatever one byte more or less makes of it.</summary>
    [Test]
    public void What_is_recognised_as_canonical_is_its_own_form()
    {
        var random = new Random(11);
        var recognised = 0;
        for (var i = 0; i < 2000; i++)
        {
            var text = Text(new Dictionary<string, object> { ["b"] = Value(random, 0), ["a"] = Value(random, 1) }, random);
            var json = Encoding.UTF8.GetBytes(random.Next(3) == 0 ? text : Written(text));
            var at = random.Next(json.Length);
            byte[] other = random.Next(4) switch { 0 => [.. json[..at], .. json[(at + 1)..]], 1 => [.. json[..at], (byte)"{}[],:\"0 1-e.\\"[random.Next(14)], .. json[at..]], _ => json };
            var length = CanonicalScan.LengthOf(other);
            recognised += length > 0 ? 1 : 0;
            Assert.That(length == 0 || CanonicalWriter.Write(other.AsSpan(0, length)).AsSpan().SequenceEqual(other.AsSpan(0, length)), Is.True, () => Encoding.UTF8.GetString(other));
        }

        Assert.That(recognised, Is.GreaterThan(300));
    }

    [TestCase("{}")]
    [TestCase("{\"\":-12,\"B\":[1,[],{}],\"a\":{\"x\":null,\"é<&>\":true},\"aa\":false,\"z\":0}")]
    [TestCase("{\"a\":999999999999999}")]
    public void Canonical_objects_are_recognised_whatever_follows(string json)
    {
        Assert.That(CanonicalScan.LengthOf(Encoding.UTF8.GetBytes(json + ",\"x\"")), Is.EqualTo(Encoding.UTF8.GetByteCount(json)));
    }

    [TestCase("{\"b\":1,\"a\":1}")]
    [TestCase("{\"a\":1,\"a\":1}")]
    [TestCase("{ \"a\":1}")]
    [TestCase("{\"a\":1 }")]
    [TestCase("{\"a\":1,}")]
    [TestCase("{\"a\":[1,]}")]
    [TestCase("{\"a\":\"\\u0041\"}")]
    [TestCase("{\"a\":\"\n\"}")]
    [TestCase("{\"a\":1.5}")]
    [TestCase("{\"a\":1e3}")]
    [TestCase("{\"a\":-0}")]
    [TestCase("{\"a\":01}")]
    [TestCase("{\"a\":-}")]
    [TestCase("{\"a\":9007199254740993}")]
    [TestCase("{\"a\":nul}")]
    [TestCase("{\"a\":}")]
    [TestCase("{\"a\":1")]
    [TestCase("{\"a\":\"x")]
    [TestCase("[]")]
    [TestCase("")]
    public void What_is_not_canonical_is_not_recognised(string json) => Assert.That(CanonicalScan.LengthOf(Encoding.UTF8.GetBytes(json)), Is.Zero);

    [Test]
    public void What_is_nested_deep_is_left_to_the_writer()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60);
        Assert.That((CanonicalScan.LengthOf(Encoding.UTF8.GetBytes(deep)), Written(deep)), Is.EqualTo((0, deep)));
    }

    private static string Written(string json) => Encoding.UTF8.GetString(CanonicalWriter.Write(Encoding.UTF8.GetBytes(json)));

    private static object Value(Random random, int depth) => random.Next(depth > 3 ? 2 : 4) switch
    {
        0 => random.Next(-5, 1000),
        1 => new string([.. Enumerable.Range(0, random.Next(4)).Select(_ => "a\"\\/<é"[random.Next(6)])]),
        2 => Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1)).ToList(),
        _ => Enumerable.Range(0, random.Next(5)).Select(_ => (string)(Value(random, 9) is string s ? s : "k")).Distinct().ToDictionary(k => k, _ => Value(random, depth + 1)),
    };

    private static string Text(object value, Random random)
    {
        var space = random.Next(2) == 0 ? "" : " \n";
        return value switch
        {
            string text => $"\"{string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : random.Next(3) == 0 ? $"\\u{(int)c:x4}" : c.ToString()))}\"",
            List<object> list => $"[{string.Join(",", list.Select(v => space + Text(v, random)))}{space}]",
            Dictionary<string, object> members => $"{{{string.Join(",", members.OrderBy(_ => random.Next()).Select(m => $"{space}{Text(m.Key, random)}:{space}{Text(m.Value, random)}"))}{space}}}",
            _ => FormattableString.Invariant($"{value}"),
        };
    }
}

using System.Text;
using System.Text.Json;
using Portcullis.Objects.Json;

namespace Portcullis.Objects.Tests.Json;

/// <summary>Texts and maps of objects that are kept in memory by the ten thousand: read as any other, in less room.</summary>
internal sealed class CompactTextTests
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new PooledTextConverter(), new CompactMapConverter() } };

    [Test]
    public void Texts_that_are_equal_are_one_instance()
    {
        var first = JsonSerializer.Deserialize<string>("\"reconcilers.portcullis.dev\"", Options);
        Assert.That(JsonSerializer.Deserialize<string>("\"reconcilers.portcullis.dev\"", Options), Is.SameAs(first));
    }

    [TestCase("\"\"", "")]
    [TestCase("\"plain\"", "plain")]
    [TestCase("\"Zürich\"", "Zürich")]
    [TestCase("\"Z\\u00fcrich\"", "Zürich")]
    [TestCase("\"a\\\"b\\n\"", "a\"b\n")]
    [TestCase("null", null)]
    public void A_text_is_read_as_it_is_written(string json, string? expected)
    {
        Assert.That(JsonSerializer.Deserialize<string>(json, Options), Is.EqualTo(expected));
        Assert.That(JsonSerializer.Deserialize<string>(json, Options), Is.EqualTo(expected), "from the pool");
    }

    [Test]
    public void Many_different_texts_are_all_read_right()
    {
        var texts = Enumerable.Range(0, 20_000).Select(i => $"text-{i}-{new string('x', i % 120)}").ToArray();
        Assert.That(JsonSerializer.Deserialize<string[]>(JsonSerializer.Serialize(texts), Options), Is.EqualTo(texts));
    }

    [TestCase("7")]
    [TestCase("{}")]
    [TestCase("true")]
    public void What_is_no_text_is_refused(string json) => Assert.That(() => JsonSerializer.Deserialize<string>(json, Options), Throws.InstanceOf<JsonException>());

    [Test]
    public void Bytes_that_are_no_UTF_8_are_refused()
    {
        byte[] json = [(byte)'"', 0xC3, 0x28, (byte)'"'];
        Assert.That(() => JsonSerializer.Deserialize<string>(json, Options), Throws.InstanceOf<JsonException>());
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(16)]
    [TestCase(17)]
    [TestCase(200)]
    public void A_map_holds_what_a_dictionary_would_hold(int count)
    {
        var expected = Enumerable.Range(0, count).ToDictionary(i => $"label-{i}", i => $"value-{i % 3}");
        var json = JsonSerializer.Serialize(expected);
        var map = JsonSerializer.Deserialize<IReadOnlyDictionary<string, string>>(json, Options)!;
        Assert.Multiple(() =>
        {
            Assert.That(map, Is.EquivalentTo(expected));
            Assert.That(map.Count, Is.EqualTo(count));
            Assert.That(map.Keys, Is.EquivalentTo(expected.Keys));
            Assert.That(map.Values, Is.EquivalentTo(expected.Values));
            Assert.That(map.ContainsKey("label-200"), Is.False);
            Assert.That(map.TryGetValue("absent", out var absent) ? absent : null, Is.Null);
            Assert.That(() => map["absent"], Throws.InstanceOf<KeyNotFoundException>());
            Assert.That(expected.All(pair => map[pair.Key] == pair.Value), Is.True);
            Assert.That(JsonSerializer.Serialize(map, Options), Is.EqualTo(json));
        });
    }

    [TestCase(2)]
    [TestCase(40)]
    public void The_last_of_equal_names_counts(int others)
    {
        var json = new StringBuilder("{\"a\":\"first\"");
        for (var i = 0; i < others; i++)
        {
            json.Append(System.Globalization.CultureInfo.InvariantCulture, $",\"n{i}\":\"v\"");
        }

        var map = JsonSerializer.Deserialize<IReadOnlyDictionary<string, string>>(json.Append(",\"a\":\"last\"}").ToString(), Options)!;
        Assert.That(map["a"], Is.EqualTo("last"));
        Assert.That(map.Count, Is.EqualTo(others + 1));
    }

    [TestCase("[]")]
    [TestCase("\"a\"")]
    [TestCase("{\"a\":{}}")]
    [TestCase("{\"a\":7}")]
    public void What_is_no_map_of_texts_is_refused(string json) =>
        Assert.That(() => JsonSerializer.Deserialize<IReadOnlyDictionary<string, string>>(json, Options), Throws.InstanceOf<JsonException>());
}

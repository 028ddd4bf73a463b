using System.Text;
using System.Text.Json;
using Portcullis.Objects.Json;

namespace Portcullis.Objects.Tests.Json;

/// <summary>JSON from elsewhere: what is taken can be read to the end.</summary>
internal sealed class KubernetesJsonTests
{
    [TestCase("""{"a\ud800": 1}""")]
    [TestCase("""{"\udefa": {}}""")]
    [TestCase("""["\ud83d\ud83d\ude00"]""")]
    [TestCase("""["\ud83d x"]""")]
    [TestCase("""["\ud83d"]""")]
    [TestCase("""{"a": [{"b": "\\\udc00"}]}""")]
    public void Half_of_a_surrogate_pair_is_refused(string text) => Assert.That(() => KubernetesJson.Parse(Encoding.UTF8.GetBytes(text)), Throws.InstanceOf<JsonException>());

    [TestCase("""["\ud83d\ude00"]""", "\ud83d\ude00")]
    [TestCase("""["\\ud800"]""", "\\ud800")]
    [TestCase("""["\uD83D\uDE00\u00e4\n\"\\"]""", "\ud83d\ude00\u00e4\n\"\\")]
    [TestCase("""["\u005cud800"]""", "\\ud800")]
    public void Whole_pairs_and_other_escapes_are_read(string text, string expected) =>
        Assert.That(KubernetesJson.Parse(Encoding.UTF8.GetBytes(text))![0]!.GetValue<string>(), Is.EqualTo(expected));
}

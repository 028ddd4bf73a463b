using System.Text.Json.Nodes;

namespace Portcullis.Core.Tests.Kinds;

/// <summary>User and password of an address are for nobody's eyes (law 7).</summary>
internal sealed class CredentialTextTests
{
    [TestCase("https://ann:secret@mirror.example/x", "https://***@mirror.example/x")]
    [TestCase("https://ann:se/cr@t#?@mirror.example", "https://***@mirror.example")]
    [TestCase("http://token@proxy:3128", "http://***@proxy:3128")]
    [TestCase("https://mirror.example", "https://mirror.example")]
    [TestCase("ops@example.com", "ops@example.com")]
    [TestCase("ops@example.com sees https://mirror.example", "ops@example.com sees https://mirror.example")]
    [TestCase("", "")]
    public void Between_the_scheme_and_the_last_at_sign_nothing_is_shown(string text, string shown) =>
        Assert.That(CredentialText.Hide(text), Is.EqualTo(shown));

    [Test]
    public void Every_text_of_a_value_is_looked_at()
    {
        var value = JsonNode.Parse("""{"a": ["https://ann:secret@m", 1, null, true], "b": {"c": "http://x:y@z"}, "d": "e"}""");
        Assert.That(CredentialText.Hide(value)!.ToJsonString(), Is.EqualTo("""{"a":["https://***@m",1,null,true],"b":{"c":"http://***@z"},"d":"e"}"""));
    }
}

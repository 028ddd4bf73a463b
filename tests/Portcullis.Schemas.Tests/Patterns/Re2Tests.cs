using Portcullis.Schemas.Patterns;

namespace Portcullis.Schemas.Tests.Patterns;

/// <summary>Where RE2 and .NET read one pattern differently, RE2's reading must win.</summary>
public class Re2Tests
{
    [TestCase("^a$", "a\n", false)]
    [TestCase("(?m)^a$", "a\nb", true)]
    [TestCase("(?m:a$)b?", "a\n", true)]
    [TestCase("^\\d$", "٣", false)]
    [TestCase("^\\w$", "ä", false)]
    [TestCase("^\\W$", "ä", true)]
    [TestCase("^[^\\d]$", "٣", true)]
    [TestCase("^\\s$", "\u00a0", false)]
    [TestCase("^(?P<n>a)$", "a", true)]
    [TestCase("^\\pL$", "ä", true)]
    [TestCase("^\\p{Lu}$", "a", false)]
    [TestCase("^[[:alnum:]_-]+$", "a-1_", true)]
    [TestCase("^[[:^x]$", ":", true)]
    [TestCase("^[]a]$", "]", true)]
    [TestCase("^[a-c-[b]]$", "b]", true)]
    [TestCase("^\\Qa.b\\E$", "a.b", true)]
    [TestCase("^\\Qa.b\\E$", "axb", false)]
    [TestCase("^\\x{e4}$", "ä", true)]
    [TestCase("a\\z", "a\n", false)]
    [TestCase("(?i)STRASSE", "strasse", true)]
    [TestCase("^(a{10}){2}b{1000}$", "ab", false)]
    [TestCase("^(?i)(a{1,10}b){3}(c{1000})$", "ab", false)]
    [TestCase("^a{,2}$", "a{,2}", true)]
    public void Reads_as_RE2_does(string pattern, string text, bool matches)
    {
        Assert.That(Re2.TryCompile(pattern, out var regex, out var error), Is.True, error);
        Assert.That(regex!.IsMatch(text), Is.EqualTo(matches));
    }

    [TestCase("(?=a)")]
    [TestCase("(?<=a)b")]
    [TestCase("(a)\\1")]
    [TestCase("a{1001}")]
    [TestCase("(a{1000}){2}")]
    [TestCase("(?:(?P<n>a{10}){10}b){11}")]
    [TestCase("((a{32})+){32}")]
    [TestCase("(")]
    [TestCase("[a")]
    [TestCase("a\\")]
    [TestCase("\\p{Greek}")]
    [TestCase("(?>a)")]
    [TestCase("\\Z")]
    public void Refuses_what_RE2_or_the_engine_does_not_know(string pattern) =>
        Assert.That(Re2.TryCompile(pattern, out _, out var error), Is.False, error);

    [Test]
    public void Patterns_without_end_are_compiled_and_not_kept()
    {
        for (var i = 0; i < 3000; i++)
        {
            Assert.That(Re2.TryCompile($"^a{i}$", out var regex, out _) && regex.IsMatch($"a{i}"), Is.True);
        }

        Assert.That(Re2.Kept, Is.LessThanOrEqualTo(1000));
    }
}

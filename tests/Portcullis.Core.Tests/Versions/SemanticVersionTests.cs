using Portcullis.Core.Versions;

namespace Portcullis.Core.Tests.Versions;

/// <summary>semver.org 2.0.0, and what tags add to it: a leading <c>v</c>, numbers left out.</summary>
internal sealed class SemanticVersionTests
{
    [TestCase("1.2.3", "1.2.3")]
    [TestCase("v1.2.3", "1.2.3")]
    [TestCase("V1.2.3", "1.2.3")]
    [TestCase("1", "1.0.0")]
    [TestCase("1.2", "1.2.0")]
    [TestCase("0.0.0", "0.0.0")]
    [TestCase("1.2.3+build.5", "1.2.3")]
    [TestCase("1.2.3-rc.1+build-5", "1.2.3-rc.1")]
    [TestCase("1.2.3-a-b.0", "1.2.3-a-b.0")]
    public void Reads_what_a_tag_carries(string text, string version) => Assert.That(SemanticVersion.Parse(text)?.ToString(), Is.EqualTo(version));

    [TestCase("")]
    [TestCase("v")]
    [TestCase("1.")]
    [TestCase("1..3")]
    [TestCase("01.2.3")]
    [TestCase("1.2.3.4")]
    [TestCase("1.2a")]
    [TestCase("latest")]
    [TestCase("-rc")]
    [TestCase("+5")]
    [TestCase("1.2.3-")]
    [TestCase("1.2.3-a..b")]
    [TestCase("1.2.3-a_b")]
    [TestCase("1.2.3-01")]
    [TestCase("99999999999999999999.0.0")]
    public void What_is_no_version_is_none(string text) => Assert.That(SemanticVersion.Parse(text), Is.Null);

    /// <summary>Section 11.</summary>
    [Test]
    public void Orders_as_semver_org_says()
    {
        var ordered = new[]
        {
            "1.0.0-0", "1.0.0-9", "1.0.0-10", "1.0.0-10.a", "1.0.0-1000", "1.0.0-1a", "1.0.0-a", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-b", "1.0.0-beta",
            "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "1.10.0", "2.0.0",
        }.Select(v => SemanticVersion.Parse(v)!).ToList();
        Assert.That(
            from i in Enumerable.Range(0, ordered.Count)
            from j in Enumerable.Range(0, ordered.Count)
            where Math.Sign(ordered[i].CompareTo(ordered[j])) != i.CompareTo(j)
            select $"{ordered[i]} and {ordered[j]}",
            Is.Empty);
    }
}

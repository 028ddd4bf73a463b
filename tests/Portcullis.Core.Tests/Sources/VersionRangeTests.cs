using Portcullis.Core.Versions;

namespace Portcullis.Core.Tests.Sources;

public class VersionRangeTests
{
    [TestCase(">=1.0.0 <2.0.0", "1.9.9", true)]
    [TestCase(">=1.0.0 <2.0.0", "2.0.0", false)]
    [TestCase(">= 1.2, < 1.4", "v1.3.7", true)]
    [TestCase("^1.2", "1.9.0", true)]
    [TestCase("^1.2", "2.0.0", false)]
    [TestCase("^0.2.3", "0.3.0", false)]
    [TestCase("~1.2.3", "1.2.9", true)]
    [TestCase("~1.2.3", "1.3.0", false)]
    [TestCase("1.2.x", "1.2.5", true)]
    [TestCase("1.x", "2.0.0", false)]
    [TestCase("*", "7.1.0", true)]
    [TestCase("*", "7.1.0-rc.1", false)]
    [TestCase(">=1.0.0-0", "1.0.0-rc.1", true)]
    [TestCase("1.0.0 - 1.5.0", "1.5.0", true)]
    [TestCase("<1.0 || >=3.0", "3.1.0", true)]
    [TestCase(">1.2", "1.2.5", false)]
    [TestCase("<=1.2", "1.2.5", true)]
    public void Contains_what_the_range_says(string range, string version, bool contained) =>
        Assert.That(VersionRange.Parse(range)!.Contains(SemanticVersion.Parse(version)!), Is.EqualTo(contained));

    [TestCase("")]
    [TestCase("abc")]
    [TestCase(">=1.2.3.4")]
    [TestCase("=>=1.0")]
    public void Nonsense_is_no_range(string range) => Assert.That(VersionRange.Parse(range), Is.Null);

    [Test]
    public void Orders_as_semver_org_says()
    {
        string[] ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0"];

        Assert.That(ordered.Reverse().Select(v => SemanticVersion.Parse(v)!).Order().Select(v => v.ToString()), Is.EqualTo(ordered));
    }
}

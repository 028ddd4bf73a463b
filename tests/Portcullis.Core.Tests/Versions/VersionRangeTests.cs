using Portcullis.Core.Versions;

namespace Portcullis.Core.Tests.Versions;

/// <summary>Ranges as Flux reads <c>spec.ref.semver</c> (Masterminds/semver, "Checking Version Constraints").</summary>
internal sealed class VersionRangeTests
{
    // A range, versions in it, versions outside.
    [TestCase("1.2.3", "1.2.3 v1.2.3 1.2.3+build.7", "1.2.2 1.2.4 1.2.3-rc.1")]
    [TestCase("=1.2.3", "1.2.3", "1.2.2 1.2.4")]
    [TestCase("=1.2", "1.2.0 1.2.9", "1.1.9 1.3.0")]
    [TestCase("1", "1.0.0 1.9.9", "0.9.9 2.0.0")]
    [TestCase("!=1.2.3", "1.2.2 1.2.4 0.1.0", "1.2.3")]
    [TestCase(">1.2.3", "1.2.4 2.0.0", "1.2.3 1.2.2")]
    [TestCase(">1.2", "1.3.0 2.0.0", "1.2.0 1.2.5")]
    [TestCase(">1", "2.0.0", "1.0.0 1.9.9")]
    [TestCase(">*", "1.0.0", "0.0.0")]
    [TestCase(">=1.2.3", "1.2.3 1.2.4", "1.2.2")]
    [TestCase("=>1.2.3", "1.2.3", "1.2.2")]
    [TestCase("<1.2.3", "1.2.2 0.9.0", "1.2.3 1.2.4")]
    [TestCase("<=1.2.3", "1.2.3 1.2.2", "1.2.4")]
    [TestCase("=<1.2.3", "1.2.3", "1.2.4")]
    [TestCase("<=1.2", "1.2.0 1.2.5", "1.3.0")]
    [TestCase("<=1", "1.9.9", "2.0.0")]
    [TestCase("<=*", "0.0.0", "")]
    [TestCase("~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0")]
    [TestCase("~>1.2.3", "1.2.9", "1.3.0")]
    [TestCase("~1.2", "1.2.0 1.2.9", "1.1.9 1.3.0")]
    [TestCase("~1", "1.0.0 1.9.0", "0.9.0 2.0.0")]
    [TestCase("~*", "7.0.0", "")]
    [TestCase("^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0")]
    [TestCase("^1.2", "1.2.0 1.9.0", "1.1.0 2.0.0")]
    [TestCase("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0")]
    [TestCase("^0.2", "0.2.0 0.2.9", "0.1.0 0.3.0")]
    [TestCase("^0.0.3", "0.0.3", "0.0.2 0.0.4 0.1.0")]
    [TestCase("^0.0", "0.0.9", "0.1.0")]
    [TestCase("^0", "0.0.0 0.9.0", "1.0.0")]
    [TestCase("^*", "0.0.0 7.0.0", "")]
    [TestCase("1.2.x", "1.2.0 1.2.5", "1.3.0")]
    [TestCase("v1.2.X", "1.2.5", "1.3.0")]
    [TestCase("1.*", "1.0.0", "2.0.0")]
    [TestCase("*", "0.0.0 7.1.0", "7.1.0-rc.1")]
    [TestCase("v*", "1.0.0", "")]
    [TestCase(">=1.0.0 <2.0.0", "1.0.0 1.9.9", "2.0.0 0.9.0")]
    [TestCase(">= 1.2, < 1.4", "v1.3.7", "1.4.0 1.1.0")]
    [TestCase("<1.0 || >=3.0", "0.9.0 3.1.0", "1.0.0 2.0.0")]
    [TestCase("1.0.0 - 1.5.0", "1.0.0 1.2.0 1.5.0", "0.9.9 1.5.1")]
    [TestCase("1.0.0  -  1.5.0", "1.5.0", "1.6.0")]
    [TestCase(">=1.0.0-0", "1.0.0-rc.1 1.0.0", "0.9.0")]
    [TestCase(">=1.0.0-0 <2.0.0", "1.5.0-rc.1", "2.0.0")]
    [TestCase("^1.2.3-beta.2", "1.2.3-beta.3 1.2.3", "1.2.3-beta.1 2.0.0")]
    [TestCase("^1.0.0-0", "1.3.0-alpha.10 1.9.0", "2.0.0-0 2.0.0-alpha 2.0.0")]
    [TestCase("^0.2.3-0", "0.2.9-rc.1", "0.3.0-0 0.3.0")]
    [TestCase("^0.0.3-0", "0.0.3-rc.1 0.0.3", "0.0.4-0 0.0.4")]
    [TestCase("^0-0", "0.9.0-rc.1", "1.0.0-0")]
    [TestCase("~1.2.0-0", "1.2.0-rc.1 1.2.9", "1.3.0-0 1.3.0-alpha.10")]
    [TestCase("~1.2-0", "1.2.9-rc.1", "1.3.0-0")]
    [TestCase("1.x-0", "1.9.0-rc.1 1.0.0", "2.0.0-0 2.0.0")]
    [TestCase("1-0", "1.9.0-rc.1", "2.0.0-0")]
    [TestCase("*-0", "1.2.3-alpha.1 7.0.0", "")]
    [TestCase("1.0.0-0 - 1.5", "1.5.9-rc.1 1.5.9", "1.6.0-0 1.6.0")]
    [TestCase(">=1.0.0-0 <=1", "1.9.9-rc.1", "2.0.0-0 2.0.0")]
    [TestCase(">=1.0.0-0 <2.0.0", "2.0.0-0 2.0.0-alpha", "2.0.0")]
    [TestCase(">1-0", "2.0.0-0 2.0.0-alpha 2.0.0", "1.9.9 1.0.0-alpha")]
    [TestCase(">0.0-0", "0.1.0-alpha", "0.0.1-alpha")]
    [TestCase("!=4.1", "5.1.0 4.2.0", "4.1.0 4.1.1 5.1.0-alpha.1")]
    [TestCase("!=4.x", "5.1.0", "4.1.0")]
    [TestCase("~0.0.0", "0.0.1 1.2.3", "")]
    [TestCase("~0.0.1", "0.0.1 0.0.9", "0.1.0 1.0.0")]
    [TestCase("~0.1.0", "0.1.0 0.1.9", "0.2.0 1.0.0")]
    [TestCase("~1.0.0", "1.0.0 1.0.9", "1.1.0 2.0.0")]
    [TestCase("^1.2.3+build.7", "1.2.3 1.9.0", "2.0.0")]
    public void Contains_what_the_range_says(string range, string inside, string outside)
    {
        var parsed = VersionRange.Parse(range)!;
        Assert.That(Versions(inside).Where(v => !parsed.Contains(v)), Is.Empty);
        Assert.That(Versions(outside).Where(parsed.Contains), Is.Empty);
    }

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("1.a")]
    [TestCase(">=1.2.3.4")]
    [TestCase("1.2.3.x")]
    [TestCase("=>=1.0")]
    [TestCase(">=1.0 <")]
    [TestCase(">=1.0 || ")]
    public void Nonsense_is_no_range(string range) => Assert.That(VersionRange.Parse(range), Is.Null);

    private static IEnumerable<SemanticVersion> Versions(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => SemanticVersion.Parse(v)!);
}

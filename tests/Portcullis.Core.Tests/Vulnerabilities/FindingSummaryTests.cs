using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Tests.Vulnerabilities;

[TestFixture]
internal sealed class FindingSummaryTests
{
    [Test]
    public void Each_vulnerability_counts_once_by_the_gravest_of_what_is_said_of_it()
    {
        var summary = FindingSummary.Of([Of("A", Severity.Minor, 2.0m), Of("A", Severity.Critical, 9.0m), Of("A", Severity.Unknown, null), Of("B", Severity.Major, 5.0m)]);
        Assert.That((summary.Critical, summary.Major, summary.Minor, summary.Unknown, summary.HighestScore, summary.Unscored), Is.EqualTo((1, 1, 0, 0, (decimal?)9.0m, 0)));
    }

    [Test]
    public void Those_that_nobody_has_rated_are_counted_by_themselves()
    {
        var summary = FindingSummary.Of([Of("A", Severity.Unknown, null), Of("B", Severity.Unknown, null), Of("C", Severity.Major, null), Of("D", Severity.Minor, 0m)]);
        Assert.That((summary.Critical, summary.Major, summary.Minor, summary.Unknown, summary.HighestScore, summary.Unscored, summary.All), Is.EqualTo((0, 1, 1, 2, (decimal?)0m, 3, 4)));
    }

    [Test]
    public void Without_findings_there_is_nothing() => Assert.That(FindingSummary.Of([]), Is.EqualTo(FindingSummary.None));

    private static Finding Of(string id, Severity severity, decimal? score) => new()
    {
        Vulnerability = new Vulnerability { Id = id, Severity = severity, Score = score },
        Component = new Component { Format = PackageFormat.Npm, Name = "a", Version = "1" },
    };
}

using Portcullis.Core.Components;
using Portcullis.Core.Criteria;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Tests.Scans;

/// <summary>A finding more never makes an image more promotable.</summary>
[TestFixture]
internal sealed class ScanCriteriaPropertyTests
{
    private static readonly Component Component = new() { Format = PackageFormat.Deb, Name = "zlib1g", Version = "1" };

    private static readonly decimal?[] Scores = [null, 0, 2.5m, 4, 6.9m, 7, 10];

    [Test]
    public void Another_finding_never_meets_a_criterion_that_was_not_met([Range(1, 300)] int seed)
    {
        var random = new Random(seed);
        List<Finding> few = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Found(random))];
        List<Finding> more = [.. few, .. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Found(random))];
        var limit = Limit(random);

        Assert.That(!IsMet(limit, more) || IsMet(limit, few), limit.Describe());
    }

    private static bool IsMet(Criterion criterion, IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        var (summary, fixable) = (FindingSummary.Of(all), FindingSummary.Of(all.Where(f => f.IsFixable)));
        var scan = new ScanEvidence
        {
            State = ScanState.Completed,
            Critical = summary.Critical,
            Major = summary.Major,
            Minor = summary.Minor,
            Unknown = summary.Unknown,
            HighestScore = summary.HighestScore,
            Unscored = summary.Unscored,
            Fixable = fixable,
        };
        return CriteriaEvaluation.Of([criterion], new ImageFacts { Tag = "1", Digest = "d", Evidence = new ImageEvidence { Scan = scan } }, DateTimeOffset.UnixEpoch).AreMet;
    }

    private static Finding Found(Random random)
    {
        var score = Scores[random.Next(Scores.Length)];

        // What is scored is rated by its score.
        var severity = score switch { null => (Severity)random.Next(4), >= 7 => Severity.Critical, >= 4 => Severity.Major, _ => Severity.Minor };
        return new Finding { Vulnerability = new Vulnerability { Id = $"CVE-{random.Next(6)}", Score = score, Severity = severity }, Component = Component, FixedIn = random.Next(2) == 0 ? "2" : null };
    }

    private static Criterion Limit(Random random) => new()
    {
        Field = random.Next(2) == 0 ? CriterionField.AllVulnerabilities : CriterionField.CvssScore,
        Operator = random.Next(2) == 0 ? CriterionOperator.LessOrEqual : CriterionOperator.LessThan,
        Values = [random.Next(1, 8).ToString(System.Globalization.CultureInfo.InvariantCulture)],
        FixableOnly = random.Next(2) == 0 ? true : null,
    };
}

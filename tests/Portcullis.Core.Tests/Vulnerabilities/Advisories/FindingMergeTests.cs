using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Advisories;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Vulnerabilities.Advisories;

[TestFixture]
internal sealed class FindingMergeTests
{
    private static readonly Component Demo = new() { Format = PackageFormat.Npm, Name = "demo", Version = "1.0.0" };

    [Test]
    public void Advisories_that_are_aliases_of_each_other_are_one_finding()
    {
        var findings = FindingMerge.Of(Demo, [Match("GHSA-1", "2", aliases: ["CVE-2024-1"]), Match("PYSEC-1", "1.5", aliases: ["CVE-2024-1"]), Match("GO-1", null)]);
        Assert.That(findings.Select(Text), Is.EqualTo(new[] { "CVE-2024-1 (GHSA-1 PYSEC-1) fixed 2", "GO-1 () fixed -" }), "1.5 is affected by what GHSA-1 says");
    }

    [Test]
    public void Aliases_reach_through_an_advisory_that_matches()
    {
        var findings = FindingMerge.Of(Demo, [Match("A-1", null, aliases: ["B-1"]), Match("C-1", null, aliases: ["D-1"]), Match("E-1", null, aliases: ["B-1", "D-1"])]);
        Assert.That(findings.Select(Text), Is.EqualTo(new[] { "A-1 (B-1 C-1 D-1 E-1) fixed -" }));
    }

    [Test]
    public void An_advisory_about_several_vulnerabilities_is_one_finding_of_each_and_joins_none()
    {
        var findings = FindingMerge.Of(Demo, [Match("USN-1", "2", upstream: ["CVE-2024-1", "CVE-2024-2"]), Match("UBUNTU-CVE-2024-2", "2", upstream: ["CVE-2024-2"], score: 5m)]);
        Assert.That(findings.Select(Text), Is.EqualTo(new[] { "CVE-2024-1 (USN-1) fixed 2", "CVE-2024-2 (UBUNTU-CVE-2024-2 USN-1) fixed 2" }));
    }

    [Test]
    public void An_advisory_about_several_rates_only_what_nobody_else_rates()
    {
        var findings = FindingMerge.Of(Demo, [Match("USN-1", null, upstream: ["CVE-1-1", "CVE-1-2"], score: 9.8m), Match("CVE-1-2", null, score: 5m)]);
        Assert.That(findings.Select(f => f.Vulnerability.Score), Is.EqualTo(new[] { 9.8m, 5m }));
    }

    [Test]
    public void The_newest_version_of_CVSS_counts_and_of_two_the_graver()
    {
        var findings = FindingMerge.Of(Demo,
        [
            Match("A", null, aliases: ["CVE-1-1"], score: 9.9m, source: RatingSource.Cvss2),
            Match("B", null, aliases: ["CVE-1-1"], score: 3.0m, source: RatingSource.Cvss31),
            Match("C", null, aliases: ["CVE-1-1"], score: 3.5m, source: RatingSource.Cvss31),
            Match("D", null, aliases: ["CVE-1-1"], source: RatingSource.Word),
        ]);
        Assert.That(findings.Single().Vulnerability.Score, Is.EqualTo(3.5m));
    }

    [Test]
    public void Where_advisories_contradict_each_other_the_earliest_fix_is_named()
    {
        var unfixed = new AdvisoryMatch(new AdvisoryDetails { Id = "A", Aliases = ["CVE-1-1"] }, VersionSet.All.Packed.ToArray(), null, default);
        Assert.That(FindingMerge.Of(Demo, [unfixed, Match("B", "3", aliases: ["CVE-1-1"]), Match("C", "2", aliases: ["CVE-1-1"])]).Single().FixedIn, Is.EqualTo("2"));
    }

    [Test]
    public void The_earliest_fix_is_named_in_any_order_and_of_two_spellings_the_first()
    {
        AdvisoryMatch One(string id, string fix) => Match(id, fix, aliases: ["CVE-1-1"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(FindingMerge.Of(Demo, [One("A", "2"), One("B", "2.0.0")]).Single().FixedIn, Is.EqualTo("2"));
            Assert.That(FindingMerge.Of(Demo, [One("A", "2.0.0"), One("B", "2")]).Single().FixedIn, Is.EqualTo("2"));
            Assert.That(FindingMerge.Of(Demo, [One("A", "3"), One("B", "2.0.0"), One("C", "3.0.0")]).Single().FixedIn, Is.EqualTo("3"));
            Assert.That(FindingMerge.Of(Demo, []), Is.Empty);
        }
    }

    [Test]
    public void One_advisory_alone_is_shown_by_its_CVE_too()
    {
        var finding = FindingMerge.Of(Demo, [Match("GHSA-2", "2", aliases: ["PYSEC-1", "CVE-1-1", "GHSA-1"], score: 5m, summary: "a hole")]).Single();
        Assert.That(Text(finding), Is.EqualTo("CVE-1-1 (GHSA-1 GHSA-2 PYSEC-1) fixed 2"));
        Assert.That((finding.Vulnerability.Score, finding.Vulnerability.Summary), Is.EqualTo(((decimal?)5m, "a hole")));
    }

    [Test]
    public void The_names_of_a_vulnerability_are_in_order_also_those_of_advisories_about_several()
    {
        var findings = FindingMerge.Of(Demo, [Match("B-1", null, aliases: ["CVE-1-1"]), Match("A-1", null, upstream: ["CVE-1-1", "CVE-1-2"])]);
        Assert.That(findings.Select(Text), Is.EqualTo(new[] { "CVE-1-1 (A-1 B-1) fixed -", "CVE-1-2 (A-1) fixed -" }));
    }

    [Test]
    public void The_summary_is_that_of_the_advisory_by_whose_name_it_is_shown()
    {
        string[] cve = ["CVE-1-1"];
        AdvisoryMatch Named(string summary) => Match("CVE-1-1", null, aliases: ["A"], summary: summary);
        string Summary(params AdvisoryMatch[] matches) => FindingMerge.Of(Demo, matches)[0].Vulnerability.Summary;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Summary(Match("A", null, aliases: cve, score: 5m, summary: "a"), Named("c")), Is.EqualTo("c"));
            Assert.That(Summary(Match("A", null, aliases: cve, summary: "a"), Match("B", null, aliases: cve, score: 5m, summary: "b"), Named("")), Is.EqualTo("b"), "else of the one that rates it");
            Assert.That(Summary(Match("B", null, aliases: cve, summary: "b"), Match("A", null, aliases: cve, summary: "a")), Is.EqualTo("a"), "else of the first by name");
            Assert.That(Summary(Match("B", null, aliases: cve, summary: "b"), Match("A", null, upstream: ["CVE-1-1", "CVE-1-2"], summary: "a")), Is.EqualTo("b"), "before those about several");
            Assert.That(Summary(Named(""), Match("U2", null, upstream: ["CVE-1-1", "CVE-1-2"], summary: "u2"), Match("U1", null, upstream: ["CVE-1-1", "CVE-1-2"], summary: "u1")), Is.EqualTo("u1"));
            Assert.That(Summary(Named(""), Match("A", null, aliases: cve)), Is.Empty);
        }
    }

    [TestCaseSource(nameof(SeedsToRun))]
    public void Adding_an_advisory_never_removes_a_finding_nor_what_names_it(int seed)
    {
        var random = new Random(seed);
        var matches = Enumerable.Range(0, random.Next(1, 8)).Select(i => RandomMatch(random, i)).ToList();
        var before = FindingMerge.Of(Demo, matches.SkipLast(1).ToList());
        var after = FindingMerge.Of(Demo, matches.OrderBy(_ => random.Next()).ToList());
        foreach (var name in before.SelectMany(Names))
        {
            Assert.That(after.SelectMany(Names), Has.Some.EqualTo(name));
        }

        Assert.That(after.Select(f => f.Vulnerability.Id), Is.Unique.And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(after.Select(Text), Is.EqualTo(FindingMerge.Of(Demo, matches).Select(Text)), "in any order");
    }

    private static IEnumerable<int> SeedsToRun() => Seeds.OrAsked(1, 300);

    private static AdvisoryMatch RandomMatch(Random random, int index)
    {
        string[] Some(string prefix) => [.. Enumerable.Range(1, 4).Where(_ => random.Next(4) == 0).Select(n => $"{prefix}-{n}")];
        return Match($"ID-{index}", random.Next(3) == 0 ? null : $"{random.Next(2, 6)}", Some("GHSA"), Some("CVE-1"), random.Next(100) / 10m, (RatingSource)random.Next(6));
    }

    private static IEnumerable<string> Names(Finding finding) => [finding.Vulnerability.Id, .. finding.Vulnerability.Aliases];

    private static AdvisoryMatch Match(
        string id, string? fix, string[]? aliases = null, string[]? upstream = null, decimal? score = null, RatingSource source = RatingSource.Cvss31, string summary = "")
    {
        var set = VersionSet.Of([new VersionInterval { High = fix is null ? null : VersionSetTests.Key(fix), FixedIn = fix }]);
        var rating = new AdvisoryRating { Source = score is null && source == RatingSource.Cvss31 ? RatingSource.None : source, Severity = Severity.Unknown, Score = score };
        var details = new AdvisoryDetails { Id = id, Aliases = aliases ?? [], Upstream = upstream ?? [], Rating = rating, Summary = summary };
        return new AdvisoryMatch(details, set.Packed.ToArray(), fix, fix is null ? default : VersionSetTests.Key(fix).Bytes.ToArray());
    }

    private static string Text(Finding finding) => $"{finding.Vulnerability.Id} ({string.Join(' ', finding.Vulnerability.Aliases)}) fixed {finding.FixedIn ?? "-"}";
}

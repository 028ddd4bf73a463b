using Portcullis.Core.Criteria;

namespace Portcullis.Core.Tests.Criteria;

internal sealed class CriteriaEvaluationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly ImageFacts Image = new()
    {
        Tag = "v1.2-rc",
        Digest = "sha256:1",
        UpdatedAt = Now.AddHours(-2),
        Evidence = new ImageEvidence
        {
            Scan = new ScanEvidence
            {
                State = ScanState.Completed,
                Critical = 1,
                Major = 2,
                Minor = 4,
                HighestScore = 9.8m,
                Components = [new ImageComponent("openssl", ["Apache-2.0"]), new ImageComponent("bash", ["GPL-3.0-only", "MIT"]), new ImageComponent("libx", [])],
            },
            Signatures = new SignatureEvidence(["acme/release"]),
        },
    };

    [TestCase("Tag EqualTo v1.2-rc", true)]
    [TestCase("Tag EqualTo v1.2", false)]
    [TestCase("Tag EqualTo V1.2-RC", false)]
    [TestCase("Tag NotEqualTo v1.2", true)]
    [TestCase("Tag NotEqualTo v1.2-rc", false)]
    [TestCase("Tag StartsWith v1.", true)]
    [TestCase("Tag StartsWith 1.", false)]
    [TestCase("Tag EndsWith -rc", true)]
    [TestCase("Tag EndsWith -r", false)]
    [TestCase("Tag Contains .", true)]
    [TestCase("Tag Contains [a-z]", false)]
    [TestCase("Tag Contains 2-", true)]
    [TestCase("Tag Contains -2", false)]
    [TestCase("Tag OneOf 1 v1.2-rc", true)]
    [TestCase("Tag OneOf 1 2", false)]
    [TestCase("Tag NotOneOf 1 2", true)]
    [TestCase("Tag NotOneOf 1 v1.2-rc", false)]
    [TestCase("Tag Matches ^v\\d+\\.\\d+", true)]
    [TestCase("Tag Matches 1.2", true)]
    [TestCase("Tag Matches ^1.2$", false)]
    public void A_tag_is_compared_by_its_letters(string criterion, bool isMet) => AssertOutcome(criterion, isMet);

    [TestCase("Package EqualTo openssl", true)]
    [TestCase("Package EqualTo OpenSSL", false)]
    [TestCase("Package StartsWith open", true)]
    [TestCase("Package StartsWith ssl", false)]
    [TestCase("Package EndsWith ash", true)]
    [TestCase("Package Contains ope", true)]
    [TestCase("Package Matches ^lib.$", true)]
    [TestCase("Package OneOf zlib bash", true)]
    [TestCase("Package OneOf zlib", false)]
    [TestCase("Package NotOneOf zlib", true)]
    [TestCase("Package NotOneOf zlib bash", false)]
    public void One_component_is_enough_to_have_a_package(string criterion, bool isMet) => AssertOutcome(criterion, isMet);

    [TestCase("License OneOf MIT", true)]
    [TestCase("License OneOf mit", true)]
    [TestCase("License OneOf Zlib", false)]
    [TestCase("License NotOneOf MIT", false)]
    [TestCase("License NotOneOf Zlib", false, Description = "libx may have it")]
    public void An_unknown_license_is_none_that_is_asked_for_and_may_be_one_that_is_not_allowed(string criterion, bool isMet) => AssertOutcome(criterion, isMet);

    [TestCase("License OneOf GPL-2.0", "GPL-2.0-only", true, Description = "a former identifier")]
    [TestCase("License NotOneOf Zlib", "LicenseRef-a", false, Description = "it may be Zlib under another name")]
    [TestCase("License OneOf LicenseRef-a", "LicenseRef-a", true)]
    public void Compares_licenses_as_the_list_of_SPDX_names_them(string criterion, string license, bool isMet) =>
        Assert.That(Verdict(criterion, WithScan(s => s with { Components = [new("a", [license])] })).Outcome, Is.EqualTo(isMet ? CriterionOutcome.Met : CriterionOutcome.NotMet));

    [Test]
    public void Without_unknown_licenses_NotOneOf_is_met_when_no_component_has_one() =>
        Assert.That(Verdict("License NotOneOf Zlib", WithScan(s => s with { Components = [.. s.Components!.Take(2)] })).Outcome, Is.EqualTo(CriterionOutcome.Met));

    [TestCase("AllVulnerabilities EqualTo 7", true)]
    [TestCase("AllVulnerabilities EqualTo 6", false)]
    [TestCase("AllVulnerabilities NotEqualTo 6", true)]
    [TestCase("AllVulnerabilities NotEqualTo 7", false)]
    [TestCase("CriticalVulnerabilities LessOrEqual 1", true)]
    [TestCase("CriticalVulnerabilities LessOrEqual 0", false)]
    [TestCase("CriticalVulnerabilities LessThan 2", true)]
    [TestCase("CriticalVulnerabilities LessThan 1", false)]
    [TestCase("MajorVulnerabilities GreaterOrEqual 2", true)]
    [TestCase("MajorVulnerabilities GreaterOrEqual 3", false)]
    [TestCase("MinorVulnerabilities GreaterThan 3", true)]
    [TestCase("MinorVulnerabilities GreaterThan 4", false)]
    [TestCase("CvssScore LessThan 9.9", true)]
    [TestCase("CvssScore LessThan 9.8", false)]
    public void Numbers_have_all_six_comparisons(string criterion, bool isMet) => AssertOutcome(criterion, isMet);

    [TestCase("UpdatedAt Before 2026-03-02T10:00:01Z", true)]
    [TestCase("UpdatedAt Before 2026-03-02T10:00:00Z", false)]
    [TestCase("UpdatedAt After 2026-03-02T10:59:59+01:00", true)]
    [TestCase("UpdatedAt After 2026-03-02T10:00:00Z", false)]
    [TestCase("UpdatedAge Before 2h", true)]
    [TestCase("UpdatedAge Before 2h1s", false)]
    [TestCase("UpdatedAge After 2h1s", true)]
    [TestCase("UpdatedAge After 2h", false)]
    public void Before_an_age_is_at_least_so_old_and_after_it_is_younger(string criterion, bool isMet) => AssertOutcome(criterion, isMet);

    [TestCase("UpdatedAge Before 3h", true)]
    [TestCase("UpdatedAge After 3h", true)]
    [TestCase("UpdatedAge Before 1h", false)]
    [TestCase("UpdatedAt Before 2026-04-01T00:00:00Z", false)]
    public void Time_changes_an_age_once(string criterion, bool changes) =>
        Assert.That(Verdict(criterion, Image).NextChange, Is.EqualTo(changes ? Now.AddHours(1) : (DateTimeOffset?)null));

    [Test]
    public void The_soonest_change_of_several_counts()
    {
        var verdict = CriteriaEvaluation.Of([Parse("UpdatedAge Before 5h"), Parse("UpdatedAge Before 3h"), Parse("Tag EqualTo x")], Image, Now);
        Assert.That(verdict.NextChange, Is.EqualTo(Now.AddHours(1)));
    }

    [Test]
    public void An_age_beyond_all_time_never_comes() =>
        Assert.That(Verdict("UpdatedAge Before 100000000h", Image), Has.Property("Outcome").EqualTo(CriterionOutcome.NotMet).And.Property("NextChange").Null);

    [TestCase("SignedBy OneOf acme/dev acme/release", true, "signed by acme/release")]
    [TestCase("SignedBy EqualTo acme/release", true, "signed by acme/release")]
    [TestCase("SignedBy OneOf acme/dev", false, "signed by acme/release only")]
    public void One_of_the_teams_must_have_signed(string criterion, bool isMet, string evidence) =>
        Assert.That(Verdict(criterion, Image), Has.Property("Outcome").EqualTo(isMet ? CriterionOutcome.Met : CriterionOutcome.NotMet).And.Property("Evidence").EqualTo(evidence));

    [Test]
    public void What_is_not_known_is_never_met()
    {
        var unknown = new ImageFacts { Tag = "1", Digest = "sha256:1" };
        string[] criteria =
        [
            "CriticalVulnerabilities LessOrEqual 0", "CriticalVulnerabilities NotEqualTo 5", "AllVulnerabilities GreaterOrEqual 0", "CvssScore LessOrEqual 10", "Package NotOneOf a", "License NotOneOf a",
            "UpdatedAt After 2020-01-01T00:00:00Z", "UpdatedAge After 1000h", "SignedBy OneOf a",
        ];
        Assert.That(criteria.Select(c => Verdict(c, unknown).Outcome), Is.All.EqualTo(CriterionOutcome.Unknown));
    }

    [TestCase(ScanState.Pending, "the scan is not finished")]
    [TestCase(ScanState.Failed, "the scan failed: no layers")]
    [TestCase(ScanState.Stale, "the scan is too old: no layers")]
    public void Only_a_completed_scan_counts(ScanState state, string evidence) =>
        Assert.That(
            Verdict("CriticalVulnerabilities LessOrEqual 5", WithScan(s => s with { State = state, Details = "no layers" })),
            Has.Property("Outcome").EqualTo(CriterionOutcome.Unknown).And.Property("Evidence").EqualTo(evidence));

    [Test]
    public void Without_any_vulnerability_the_score_is_0() => Assert.That(
        Verdict("CvssScore LessOrEqual 0", WithScan(s => s with { Critical = 0, Major = 0, Minor = 0, HighestScore = null })),
        Has.Property("Outcome").EqualTo(CriterionOutcome.Met).And.Property("Evidence").EqualTo("no vulnerability; at most 0 allowed"));

    [TestCase(1, 0, 0)]
    [TestCase(0, 1, 0)]
    [TestCase(0, 0, 1)]
    public void Vulnerabilities_without_a_score_may_have_any(int critical, int major, int minor) => Assert.That(
        Verdict("CvssScore LessOrEqual 5", WithScan(s => s with { Critical = critical, Major = major, Minor = minor, HighestScore = null })).Outcome, Is.EqualTo(CriterionOutcome.Unknown));

    [Test]
    public void The_teams_that_did_sign_are_named_in_order() =>
        Assert.That(Verdict("SignedBy OneOf c/c", Image with { Evidence = Image.Evidence with { Signatures = new SignatureEvidence(["b/b", "a/a"]) } }).Evidence, Is.EqualTo("signed by a/a, b/b only"));

    [Test]
    public void A_component_that_is_there_twice_is_named_once() => Assert.That(
        Verdict("Package OneOf a", WithScan(s => s with { Components = [new ImageComponent("a", []), new ImageComponent("a", ["MIT"])] })).Evidence, Is.EqualTo("has a"));

    [Test]
    public void Says_what_was_found_and_what_was_asked() => Assert.That(
        new[]
        {
            "CriticalVulnerabilities LessOrEqual 0", "MajorVulnerabilities EqualTo 0", "AllVulnerabilities LessThan 3", "MinorVulnerabilities GreaterThan 9", "MinorVulnerabilities GreaterOrEqual 9",
            "MinorVulnerabilities NotEqualTo 4", "CvssScore LessOrEqual 6.9", "License NotOneOf MIT", "License OneOf Zlib", "License NotOneOf Zlib", "Package OneOf zlib", "Tag EqualTo 1", "UpdatedAge Before 3h",
        }.Select(c => Verdict(c, Image).Evidence),
        Is.EqualTo(new[]
        {
            "1 critical vulnerability; at most 0 allowed", "2 major vulnerabilities; exactly 0 required", "7 vulnerabilities; less than 3 allowed", "4 minor vulnerabilities; more than 9 required",
            "4 minor vulnerabilities; at least 9 required", "4 minor vulnerabilities; 4 not allowed", "the highest CVSS score is 9.8; at most 6.9 allowed", "has bash (MIT)",
            "none of 3 components has such a license", "the license of libx is not known", "none of 3 components is such a package", "the tag is v1.2-rc", "updated at 2026-03-02T10:00:00Z, to be met at 2026-03-02T13:00:00Z",
        }));

    [Test]
    public void Names_five_of_many_components() => Assert.That(
        Verdict("Package StartsWith lib", WithScan(s => s with { Components = [.. "gfedcba".Select(c => new ImageComponent($"lib{c}", []))] })).Evidence,
        Is.EqualTo("has liba, libb, libc, libd, libe and 2 others"));

    [Test]
    public void Names_all_of_five() => Assert.That(
        Verdict("Package StartsWith lib", WithScan(s => s with { Components = [.. "edcba".Select(c => new ImageComponent($"lib{c}", []))] })).Evidence, Is.EqualTo("has liba, libb, libc, libd, libe"));

    [Test]
    public void All_criteria_must_be_met_and_none_is_asked_when_there_are_none()
    {
        Assert.That(CriteriaEvaluation.Of([Parse("Tag StartsWith v"), Parse("Tag EndsWith rc")], Image, Now).AreMet, Is.True);
        Assert.That(CriteriaEvaluation.Of([Parse("Tag StartsWith v"), Parse("Tag EndsWith x")], Image, Now).AreMet, Is.False);
        Assert.That(CriteriaEvaluation.Of(null, Image, Now).AreMet, Is.True);
    }

    [TestCase("CriticalVulnerabilities LessOrEqual many")]
    [TestCase("Tag Matches (")]
    [TestCase("Tag GreaterThan 1")]
    public void What_cannot_be_read_is_not_met(string criterion) => Assert.That(Verdict(criterion, Image).Outcome, Is.EqualTo(CriterionOutcome.Unknown));

    private static void AssertOutcome(string criterion, bool isMet) =>
        Assert.That(Verdict(criterion, Image).Outcome, Is.EqualTo(isMet ? CriterionOutcome.Met : CriterionOutcome.NotMet));

    private static ImageFacts WithScan(Func<ScanEvidence, ScanEvidence> change) => Image with { Evidence = Image.Evidence with { Scan = change(Image.Evidence.Scan!) } };

    private static CriterionVerdict Verdict(string criterion, ImageFacts facts) => CriteriaEvaluation.Of([Parse(criterion)], facts, Now).Criteria.Single();

    private static Criterion Parse(string text)
    {
        var words = text.Split(' ');
        return new Criterion { Field = Enum.Parse<CriterionField>(words[0]), Operator = Enum.Parse<CriterionOperator>(words[1]), Values = words[2..] };
    }
}

using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Versions;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Tests.Vulnerabilities.Advisories;

[TestFixture]
internal sealed class OsvReaderTests
{
    [Test]
    public void What_matching_needs_is_read()
    {
        var advisory = Json("""
            {"schema_version": "1.6.0", "id": "GHSA-1", "aliases": ["CVE-2024-1", "GHSA-1"], "modified": "2024-05-01T10:00:00.123456Z", "published": "2024-04-01T00:00:00Z", "summary": "Bad\n  thing",
             "affected": [{"package": {"ecosystem": "PyPI", "name": "Flask_Cors"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}]}]}
            """).Advisory!;
        Assert.Multiple(() =>
        {
            Assert.That(advisory.Details.Id, Is.EqualTo("GHSA-1"));
            Assert.That(advisory.Details.Aliases, Is.EqualTo(new[] { "CVE-2024-1" }));
            Assert.That(advisory.Details.Summary, Is.EqualTo("Bad thing"));
            Assert.That(advisory.Modified, Is.EqualTo(DateTimeOffset.Parse("2024-05-01T10:00:00.123456Z", null)));
            Assert.That(advisory.Affected.Single().Package, Is.EqualTo(new AdvisoryPackage("PyPI", "flask-cors")));
        });
        AssertAffects(advisory, PackageFormat.Python, "1.10", "2.0rc1");
        AssertFree(advisory, PackageFormat.Python, "2.0", "2.1");
    }

    [Test]
    public void Versions_of_YAML_are_texts()
    {
        var reading = OsvReader.ReadYaml(Encoding.UTF8.GetBytes("""
            id: PYSEC-2024-1
            modified: 2024-05-01T10:00:00Z
            affected:
            - package: {ecosystem: PyPI, name: demo}
              ranges:
              - type: GIT
                repo: https://example.com/demo
                events: [{introduced: 0}, {fixed: abc}]
              versions:
              - 1.10
              - "1.2"
            """));
        AssertAffects(reading.Advisory!, PackageFormat.Python, "1.10", "1.2", "1.10.0");
        AssertFree(reading.Advisory!, PackageFormat.Python, "1.1");
        Assert.That(reading.Notes.Select(n => n.Kind), Is.EqualTo(new[] { AdvisoryNoteKind.GitRange }));
    }

    [TestCase("""[{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "not a version"}]}]""")]
    [TestCase("""[{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"repaired": "1.0"}]}]""")]
    [TestCase("""[{"type": "ECOSYSTEM", "events": [{"fixed": "1.0"}]}]""")]
    [TestCase("""[{"type": "ECOSYSTEM", "events": []}]""")]
    [TestCase("""[{"type": "ECOSYSTEM"}]""")]
    [TestCase("""[{"type": "CALENDAR", "events": [{"introduced": "0"}, {"fixed": "1.0"}]}]""")]
    [TestCase("""[{"type": "GIT", "events": [{"introduced": "0"}]}]""")]
    [TestCase("\"1.0\"")]
    [TestCase("[]")]
    [TestCase("null")]
    public void A_package_whose_affected_versions_cannot_be_read_is_affected_in_all(string ranges)
    {
        var reading = Json($$"""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "demo"}, "ranges": {{ranges}}}]}""");
        Assert.That(reading.Advisory!.Affected.Single().Versions, Is.EqualTo(VersionSet.All));
        Assert.That(reading.Notes, Has.Some.EqualTo(new AdvisoryNote(AdvisoryNoteKind.AllVersions, "demo")));
    }

    [Test]
    public void Several_entries_ranges_and_lists_are_any_of_them()
    {
        var advisory = Json("""
            {"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": [
              {"package": {"ecosystem": "npm", "name": "demo"}, "versions": ["9.0.0"], "ranges": [{"type": "SEMVER", "events": [{"introduced": "1.0.0"}, {"fixed": "1.2.0"}]}, {"type": "SEMVER", "events": [{"introduced": "1.1.0"}, {"fixed": "1.5.0"}]}]},
              {"package": {"ecosystem": "npm", "name": "demo"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "3.0.0"}, {"last_affected": "3.1.0"}]}]}]}
            """).Advisory!;
        AssertAffects(advisory, PackageFormat.Npm, "1.0.0", "1.3.0", "3.1.0", "9.0.0");
        AssertFree(advisory, PackageFormat.Npm, "0.9.0", "1.5.0", "3.1.1", "9.0.1");
    }

    [Test]
    public void What_is_withdrawn_affects_nothing()
    {
        var advisory = Json("""
            {"id": "A", "modified": "2024-01-01T00:00:00Z", "withdrawn": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "demo"}, "versions": ["1.0.0"]}]}
            """).Advisory!;
        Assert.That((advisory.IsWithdrawn, advisory.Affected.Count), Is.EqualTo((true, 0)));
    }

    [TestCase("{", "it is not JSON")]
    [TestCase("""{"modified": "2024-01-01T00:00:00Z", "affected": []}""", "it has no \"id\"")]
    [TestCase("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": {}}""", "\"affected\"")]
    [TestCase("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": [{"versions": ["1"]}]}""", "\"affected\"")]
    [TestCase("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"name": "demo"}}]}""", "\"affected\"")]
    [TestCase("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": ["demo"]}""", "\"affected\"")]
    public void What_cannot_be_read_is_a_fault(string json, string fault)
    {
        var reading = Json(json);
        Assert.That(reading.Advisory, Is.Null);
        Assert.That(reading.Fault, Does.Contain(fault));
        Assert.That(reading.IsAdvisory, Is.True);
    }

    [TestCase("""{"name": "left-pad", "version": "1.0.0"}""")]
    [TestCase("[1, 2]")]
    [TestCase("\"text\"")]
    public void A_file_that_does_not_claim_to_be_an_advisory_is_told_apart(string json) => Assert.That(Json(json).IsAdvisory, Is.False);

    [Test]
    public void An_advisory_without_a_time_is_read()
    {
        var advisory = Json("""{"id": "A", "schema_version": "1.0", "affected": [{"package": {"ecosystem": "npm", "name": "demo"}, "versions": ["1.0.0"]}]}""").Advisory!;
        Assert.That(advisory.Modified, Is.EqualTo(DateTimeOffset.MinValue));
    }

    [TestCase("""{"upstream": ["CVE-1-2", "CVE-1-1"], "related": ["CVE-9-9"]}""", "CVE-1-1 CVE-1-2", "")]
    [TestCase("""{"related": ["CVE-1-1", "OTHER-1"]}""", "CVE-1-1", "")]
    [TestCase("""{"aliases": ["CVE-1-1", "CVE-1-2", "OTHER-1"]}""", "CVE-1-1 CVE-1-2", "OTHER-1")]
    [TestCase("""{"aliases": ["CVE-1-1"], "related": ["CVE-9-9"]}""", "", "CVE-1-1")]
    public void A_distributions_advisory_names_what_it_is_about(string names, string upstream, string aliases)
    {
        var details = Json($$"""
            {"id": "DSA-1-1", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Debian:12", "name": "demo"}, "versions": ["1.0"]}], {{names[1..]}}
            """).Advisory!.Details;
        Assert.That(string.Join(' ', details.Upstream), Is.EqualTo(upstream));
        Assert.That(string.Join(' ', details.Aliases), Is.EqualTo(aliases));
    }

    [Test]
    public void Related_advisories_of_a_language_are_others() => Assert.That(
        Json("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "related": ["CVE-1-1"], "affected": [{"package": {"ecosystem": "npm", "name": "demo"}, "versions": ["1.0.0"]}]}""").Advisory!.Details.Upstream,
        Is.Empty);

    [Test]
    public void Extended_support_speaks_where_the_release_is_silent()
    {
        var advisory = Json("""
            {"id": "USN-1", "modified": "2024-01-01T00:00:00Z", "affected": [
              {"package": {"ecosystem": "Ubuntu:Pro:22.04:LTS", "name": "demo"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.0+esm1"}]}]},
              {"package": {"ecosystem": "Ubuntu:22.04:LTS", "name": "demo"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.0"}]}]},
              {"package": {"ecosystem": "Ubuntu:Pro:16.04:LTS", "name": "demo"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "0.9+esm1"}]}]}]}
            """).Advisory!;
        Assert.That(advisory.Affected.Select(a => $"{a.Package} {a.Versions.Intervals().Single().FixedIn}"), Is.EqualTo(new[] { "Ubuntu:16.04/demo 0.9+esm1", "Ubuntu:22.04/demo 1.0" }));
    }

    [TestCase("""{"database_specific": {"severity": "MODERATE"}}""", Severity.Major)]
    [TestCase("""{"severity": [{"type": "Ubuntu", "score": "low"}]}""", Severity.Minor)]
    [TestCase("""{"database_specific": {"severity": "LOW"}, "severity": [{"type": "Ubuntu", "score": "high"}]}""", Severity.Critical)]
    [TestCase("""{"database_specific": {"severity": "dreadful"}}""", Severity.Unknown)]
    public void A_publishers_word_counts_where_there_is_no_vector(string members, Severity severity)
    {
        var rating = Json($$"""{"id": "A", "modified": "2024-01-01T00:00:00Z", {{members[1..]}}""").Advisory!.Details.Rating;
        Assert.That((rating.Severity, rating.Score), Is.EqualTo((severity, (decimal?)null)));
    }

    [Test]
    public void A_vector_counts_before_a_word_and_a_newer_one_before_an_older()
    {
        var rating = Json("""
            {"id": "A", "modified": "2024-01-01T00:00:00Z", "database_specific": {"severity": "CRITICAL"}, "severity": [
              {"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:C/I:C/A:C"}, {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}]}
            """).Advisory!.Details.Rating;
        Assert.That((rating.Severity, rating.Score, rating.Vector), Is.EqualTo((Severity.Major, (decimal?)6.1m, "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N")));
    }

    [Test]
    public void A_vector_that_cannot_be_read_is_noted()
    {
        var reading = Json("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "database_specific": {"severity": "LOW"}, "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:Q"}]}""");
        Assert.That(reading.Advisory!.Details.Rating.Severity, Is.EqualTo(Severity.Minor));
        Assert.That(reading.Notes, Is.EqualTo(new[] { new AdvisoryNote(AdvisoryNoteKind.LeftOut, "the vector \"CVSS:3.1/AV:Q\"") }));
    }

    [Test]
    public void A_distributions_urgency_beside_its_package_counts()
    {
        var advisory = Json("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Debian:12", "name": "demo"}, "versions": ["1"], "ecosystem_specific": {"urgency": "unimportant"}}]}""").Advisory!;
        Assert.That(advisory.Details.Rating.Severity, Is.EqualTo(Severity.Minor));
    }

    [Test]
    public void Packages_of_ecosystems_that_are_never_found_are_noted()
    {
        var reading = Json("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Hex", "name": "demo"}, "versions": ["1"]}]}""");
        Assert.That(reading.Advisory!.Affected, Is.Empty);
        Assert.That(reading.Notes, Is.EqualTo(new[] { new AdvisoryNote(AdvisoryNoteKind.OtherEcosystem, "Hex") }));
    }

    [Test]
    public void A_summary_is_the_beginning_of_the_details_where_there_is_none()
    {
        var summary = Json($$"""{"id": "A", "modified": "2024-01-01T00:00:00Z", "details": "{{new string('x', 5000)}}"}""").Advisory!.Details.Summary;
        Assert.That(summary, Has.Length.EqualTo(200).And.EndsWith("x…"));
    }

    [Test]
    public void A_summary_of_the_greatest_length_stays_whole_and_no_character_is_cut_in_two()
    {
        string Summary(string text) => Json($$"""{"id": "A", "modified": "2024-01-01T00:00:00Z", "summary": "{{text}}"}""").Advisory!.Details.Summary;
        Assert.That(Summary("   " + new string('x', 200)), Is.EqualTo(new string('x', 200)));
        Assert.That(Summary(new string('x', 198) + "\U0001F600yz"), Is.EqualTo(new string('x', 198) + "…"));
        Assert.That(Json("""{"id": "A", "modified": "2024-01-01T00:00:00Z"}""").Advisory!.Details.Summary, Is.Empty);
    }

    [Test]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.That(OsvReader.ReadJson(Encoding.UTF8.GetBytes("\uFEFF{\"id\": \"A\", \"modified\": \"2024-01-01T00:00:00Z\"}")).Advisory!.Details.Id, Is.EqualTo("A"));

    [Test]
    public void A_fault_says_where() => Assert.That(Json("{\n  ?").Fault, Is.EqualTo("it is not JSON: line 2, byte 3"));

    [TestCase("AV:N/AC:L/Au:N/C:C/I:C/A:C", RatingSource.Cvss2)]
    [TestCase("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", RatingSource.Cvss30)]
    [TestCase("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", RatingSource.Cvss31)]
    [TestCase("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", RatingSource.Cvss4)]
    public void A_vector_says_its_version(string vector, RatingSource source) => Assert.That(RatedVector.Of(vector)!.Source, Is.EqualTo(source));

    [TestCase("a: &x 1\nb: *x\nid: A\n")]
    [TestCase("id: A\n  affected: [")]
    [TestCase("? [a, b]\n: 1\n")]
    [TestCase("\u0001")]
    public void YAML_that_cannot_be_read_is_a_fault(string yaml) => Assert.That(OsvReader.ReadYaml(Encoding.UTF8.GetBytes(yaml)).Fault, Does.StartWith("it is not YAML"));

    [TestCase("""{"id": "A"}""", false)]
    [TestCase("""{"modified": "2024-01-01T00:00:00Z"}""", false)]
    [TestCase("""{"schema_version": "1.6.0"}""", false)]
    [TestCase("""{"id": "A", "modified": "2024-01-01T00:00:00Z"}""", true)]
    [TestCase("""{"id": "A", "schema_version": "1.6.0"}""", true)]
    [TestCase("""{"id": "A", "affected": []}""", true)]
    public void A_file_claims_to_be_an_advisory_by_its_identifier_with_a_time_or_schema_or_by_what_it_affects(string json, bool isAdvisory) =>
        Assert.That((Json(json).IsAdvisory, Json(json).Advisory?.Details.Id), Is.EqualTo((isAdvisory, isAdvisory ? "A" : null)));

    [Test]
    public void An_identifier_of_spaces_is_none() => Assert.That(Json("""{"id": " ", "modified": "2024-01-01T00:00:00Z"}""").Fault, Is.EqualTo("it has no \"id\""));

    [Test]
    public void When_an_advisory_was_published_is_kept() => Assert.That(
        Json("""{"id": "A", "modified": "2024-05-01T00:00:00Z", "published": "2024-04-01T00:00:00Z"}""").Advisory!.Published, Is.EqualTo(new DateTimeOffset(2024, 4, 1, 0, 0, 0, TimeSpan.Zero)));

    [Test]
    public void What_is_withdrawn_rates_nothing() => Assert.That(
        Json("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "withdrawn": "2024-01-01T00:00:00Z", "database_specific": {"severity": "HIGH"}}""").Advisory!.Details.Rating, Is.EqualTo(AdvisoryRating.None));

    [TestCase("""{"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}""", true, Description = "commits of a source repository are those of no package")]
    [TestCase("""{"ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}""", false)]
    [TestCase("""{"ranges": [{"type": "CALENDAR", "events": [{"introduced": "0"}]}]}""", false)]
    [TestCase("""{"ranges": []}""", false)]
    [TestCase("""{"package": {"ecosystem": "npm", "name": ""}, "versions": ["1.0.0"]}""", false)]
    [TestCase("""{"package": {"ecosystem": "", "name": "demo"}, "versions": ["1.0.0"]}""", false)]
    public void Only_commits_may_be_of_no_package(string affected, bool isRead)
    {
        var reading = Json($$"""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": [{{affected}}]}""");
        Assert.That((reading.Advisory?.Affected.Count, reading.Fault is null), Is.EqualTo((isRead ? 0 : (int?)null, isRead)));
    }

    [Test]
    public void A_listed_version_that_is_none_is_passed_over()
    {
        var advisory = Json("""{"id": "A", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "demo"}, "versions": ["latest", "1.0.0"]}]}""").Advisory!;
        AssertAffects(advisory, PackageFormat.Npm, "1.0.0");
        AssertFree(advisory, PackageFormat.Npm, "0.9.0", "1.0.1");
    }

    [Test]
    public void Several_entries_of_extended_support_are_any_of_them_and_an_ecosystem_is_noted_without_its_release()
    {
        var reading = Json("""
            {"id": "USN-1", "modified": "2024-01-01T00:00:00Z", "affected": [
              {"package": {"ecosystem": "Hex:2", "name": "demo"}, "versions": ["1"]},
              {"package": {"ecosystem": "Ubuntu:Pro:16.04:LTS", "name": "demo"}, "versions": ["1.0"]}, {"package": {"ecosystem": "Ubuntu:Pro:16.04:LTS", "name": "demo"}, "versions": ["2.0"]}]}
            """);
        AssertAffects(reading.Advisory!, PackageFormat.Deb, "1.0", "2.0");
        AssertFree(reading.Advisory!, PackageFormat.Deb, "1.1", "2.1");
        Assert.That(reading.Notes, Is.EqualTo(new[] { new AdvisoryNote(AdvisoryNoteKind.OtherEcosystem, "Hex") }));
    }

    [Test]
    public void Several_CVEs_of_a_languages_advisory_are_names_of_one_vulnerability()
    {
        var details = Json("""
            {"id": "A", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-1-2", "", "CVE-1-1", "CVE-1-2", "A"], "affected": [{"package": {"ecosystem": "npm", "name": "demo"}, "versions": ["1.0.0"]}]}
            """).Advisory!.Details;
        Assert.That((string.Join(' ', details.Aliases), details.Upstream.Count), Is.EqualTo(("CVE-1-1 CVE-1-2", 0)));
    }

    [Test]
    public void A_distributions_advisory_is_one_also_where_it_affects_packages_of_languages_too()
    {
        var details = Json("""
            {"id": "DSA-1-1", "modified": "2024-01-01T00:00:00Z", "related": ["CVE-1-1"], "affected": [
              {"package": {"ecosystem": "Debian:12", "name": "demo"}, "versions": ["1.0"]}, {"package": {"ecosystem": "npm", "name": "demo"}, "versions": ["1.0.0"]}]}
            """).Advisory!.Details;
        Assert.That(details.Upstream, Is.EqualTo(new[] { "CVE-1-1" }));
    }

    [Test]
    public void What_is_related_to_a_CVE_is_another_vulnerability() => Assert.That(
        Json("""{"id": "CVE-1-1", "modified": "2024-01-01T00:00:00Z", "related": ["CVE-1-2"], "affected": [{"package": {"ecosystem": "Debian:12", "name": "demo"}, "versions": ["1.0"]}]}""").Advisory!.Details.Upstream,
        Is.Empty);

    [Test]
    public void An_empty_summary_is_none_and_space_before_it_does_not_count()
    {
        string Summary(string members) => Json($$"""{"id": "A", "modified": "2024-01-01T00:00:00Z", {{members}}}""").Advisory!.Details.Summary;
        Assert.That(Summary("\"summary\": \"\", \"details\": \"A hole\""), Is.EqualTo("A hole"));
        Assert.That(Summary($"\"summary\": \"{new string(' ', 500)}A hole\""), Is.EqualTo("A hole"));
    }

    [TestCase("critical", Severity.Critical)]
    [TestCase("high", Severity.Critical)]
    [TestCase("Important", Severity.Critical)]
    [TestCase("medium**", Severity.Major)]
    [TestCase(" moderate ", Severity.Major)]
    [TestCase("low*", Severity.Minor)]
    [TestCase("negligible", Severity.Minor)]
    [TestCase("minor", Severity.Minor)]
    [TestCase("*low", Severity.Unknown)]
    [TestCase("none", Severity.Unknown)]
    [TestCase(null, Severity.Unknown)]
    public void The_words_of_publishers_are_of_three_grades(string? word, Severity severity) => Assert.That(OsvRating.OfWord(word).Severity, Is.EqualTo(severity));

    [Test]
    public void The_graver_of_several_words_counts_whichever_package_it_is_beside()
    {
        var rating = Json("""
            {"id": "A", "modified": "2024-01-01T00:00:00Z", "database_specific": {"priority": "low"}, "affected": [
              {"package": {"ecosystem": "Debian:12", "name": "a"}, "versions": ["1"], "ecosystem_specific": {"urgency": "low", "severity": "medium"}},
              {"package": {"ecosystem": "Debian:12", "name": "b"}, "versions": ["1"], "ecosystem_specific": {"ubuntu_priority": "low"}}]}
            """).Advisory!.Details.Rating;
        Assert.That(rating.Severity, Is.EqualTo(Severity.Major));
    }

    [Test]
    public void Of_a_long_vector_that_cannot_be_read_the_beginning_is_noted()
    {
        var reading = Json($$"""{"id": "A", "modified": "2024-01-01T00:00:00Z", "severity": [{"type": "CVSS_V3", "score": "{{new string('v', 101)}}"}]}""");
        Assert.That(reading.Notes.Single().Text, Is.EqualTo($"the vector \"{new string('v', 100)}\""));
    }

    [Test]
    public void A_fault_of_YAML_says_its_line() => Assert.That(OsvReader.ReadYaml("id: A\n\naffected: [}\n"u8.ToArray()).Fault, Does.StartWith("it is not YAML: line 3: "));

    private static AdvisoryReading Json(string json) => OsvReader.ReadJson(Encoding.UTF8.GetBytes(json));

    private static void AssertAffects(Advisory advisory, PackageFormat format, params string[] versions) =>
        Assert.That(versions.Where(v => !IsAffected(advisory, format, v)), Is.Empty, "affected");

    private static void AssertFree(Advisory advisory, PackageFormat format, params string[] versions) =>
        Assert.That(versions.Where(v => IsAffected(advisory, format, v)), Is.Empty, "free");

    private static bool IsAffected(Advisory advisory, PackageFormat format, string version) =>
        VersionOrders.Of(format).TryKey(version, out var key) && advisory.Affected.Single().Versions.Contains(key);
}

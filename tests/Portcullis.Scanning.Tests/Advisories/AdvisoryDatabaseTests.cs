using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Advisories;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Scanning.Tests.Advisories;

[TestFixture]
internal sealed class AdvisoryDatabaseTests
{
    private AdvisoryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new AdvisoryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_finding_says_what_the_advisory_says()
    {
        _folder.ImportJson(AdvisoryFolder.Json("GHSA-1", more: """
            , "aliases": ["CVE-2024-1"], "summary": "Bad thing", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}]
            """));
        using var database = _folder.Open();
        var finding = database.FindingsOf(AdvisoryFolder.Npm("demo", "1.0.0"), null).Single();
        Assert.Multiple(() =>
        {
            Assert.That(finding.Vulnerability.Id, Is.EqualTo("CVE-2024-1"));
            Assert.That(finding.Vulnerability.Aliases, Is.EqualTo(new[] { "GHSA-1" }));
            Assert.That((finding.Vulnerability.Severity, finding.Vulnerability.Score), Is.EqualTo((Severity.Major, 6.1m)));
            Assert.That(finding.Vulnerability.Vector, Is.EqualTo("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"));
            Assert.That(finding.Vulnerability.Summary, Is.EqualTo("Bad thing"));
            Assert.That(finding.FixedIn, Is.EqualTo("2.0.0"));
            Assert.That(database.Date, Is.EqualTo(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        });
        Assert.That(database.FindingsOf(AdvisoryFolder.Npm("demo", "2.0.0"), null), Is.Empty);
        Assert.That(database.FindingsOf(AdvisoryFolder.Npm("demo2", "1.0.0"), null), Is.Empty);
    }

    [TestCase("")]
    [TestCase("not a version")]
    public void A_version_that_is_not_known_may_be_any(string version)
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1"), AdvisoryFolder.Json("A-2", ranges: """[{"type": "SEMVER", "events": [{"introduced": "8.0.0"}, {"fixed": "9.0.0"}]}]"""));
        using var database = _folder.Open();
        var findings = database.FindingsOf(AdvisoryFolder.Npm("demo", version), null);
        Assert.That(findings.Select(f => $"{f.Vulnerability.Id} {f.FixedIn}"), Is.EqualTo(new[] { "A-1 2.0.0", "A-2 9.0.0" }));
    }

    [Test]
    public void A_distributions_package_is_matched_by_its_source_and_release()
    {
        _folder.ImportJson("""
            {"id": "DSA-1", "modified": "2024-01-01T00:00:00Z", "upstream": ["CVE-1-1", "CVE-1-2"], "affected": [
              {"package": {"ecosystem": "Debian:12", "name": "glibc"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.36-9+deb12u4"}]}]},
              {"package": {"ecosystem": "Debian:11", "name": "glibc"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.31-13+deb11u8"}]}]}]}
            """);
        using var database = _folder.Open();
        Component Libc(string version) => new() { Format = PackageFormat.Deb, Name = "libc6", Version = "1:0", SourceName = "glibc", SourceVersion = version };
        string[] Found(string version, string release) => [.. database.FindingsOf(Libc(version), new Distribution("debian", release)).Select(f => $"{f.Vulnerability.Id} {f.FixedIn}")];
        Assert.Multiple(() =>
        {
            Assert.That(Found("2.36-9", "12"), Is.EqualTo(new[] { "CVE-1-1 2.36-9+deb12u4", "CVE-1-2 2.36-9+deb12u4" }));
            Assert.That(Found("2.36-9", "11"), Is.Empty);
            Assert.That(Found("2.36-9+deb12u4", "12"), Is.Empty);
            Assert.That(Found("2.0", ""), Has.Length.EqualTo(2), "any release may be meant");
            Assert.That(database.Covers(PackageFormat.Deb, new Distribution("debian", "12")), Is.True);
            Assert.That(database.Covers(PackageFormat.Deb, new Distribution("debian", "9")), Is.False);
            Assert.That(database.Covers(PackageFormat.Deb, new Distribution("ubuntu", "22.04")), Is.False);
            Assert.That(database.Covers(PackageFormat.Deb, null), Is.False);
            Assert.That(database.Covers(PackageFormat.Npm, null), Is.False);
        });
    }

    [Test]
    public void An_advisory_without_a_vector_is_rated_by_others_about_its_vulnerability_whenever_they_come()
    {
        const string Rated = """
            {"id": "CVE-2024-1", "modified": "2024-01-01T00:00:00Z", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}],
             "affected": [{"ranges": [{"type": "GIT", "repo": "https://example.com/demo", "events": [{"introduced": "0"}]}]}]}
            """;
        _folder.ImportJson(AdvisoryFolder.Json("GO-1", more: ", \"aliases\": [\"CVE-2024-1\"], \"database_specific\": {\"severity\": \"LOW\"}"), AdvisoryFolder.Json("GO-2", "other"));
        using var older = _folder.Open();
        var unrated = older.FindingsOf(AdvisoryFolder.Npm("demo", "1.0.0"), null).Single().Vulnerability;
        _folder.ImportJson(Rated);
        using var newer = _folder.Open();
        var rated = newer.FindingsOf(AdvisoryFolder.Npm("demo", "1.0.0"), null).Single().Vulnerability;
        Assert.Multiple(() =>
        {
            Assert.That((unrated.Severity, unrated.Score), Is.EqualTo((Severity.Minor, (decimal?)null)));
            Assert.That((rated.Severity, rated.Score), Is.EqualTo((Severity.Major, (decimal?)6.1m)));
            Assert.That(AdvisoryDatabase.ChangedPackages(older, newer), Is.EqualTo(new[] { new AdvisoryPackage("npm", "demo") }));
            Assert.That(_folder.ImportJson(Rated).IsWritten, Is.False);
        });
    }

    [Test]
    public async Task Any_number_of_threads_may_ask_while_the_file_is_replaced()
    {
        _folder.ImportJson([.. Enumerable.Range(0, 200).Select(i => AdvisoryFolder.Json($"A-{i}", $"p{i % 20}"))]);
        using var database = _folder.Open();
        var asking = Enumerable.Range(0, 4).Select(t => Task.Run(() => Enumerable.Range(0, 2000).Sum(i => database.FindingsOf(AdvisoryFolder.Npm($"p{(i + t) % 20}", "1.0.0"), null).Count))).ToList();
        _folder.ImportJson(AdvisoryFolder.Json("B-1", "p1"));
        Assert.That(await Task.WhenAll(asking), Is.All.EqualTo(20_000));
    }

    [Test]
    public void Packages_whose_findings_may_differ_are_the_changed_ones()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1", "same"), AdvisoryFolder.Json("A-2", "gone"), AdvisoryFolder.Json("A-3", "rated"), AdvisoryFolder.Json("A-4", "widened"), AdvisoryFolder.Json("A-5", "touched"));
        using var older = _folder.Open();
        _folder.ImportJson(
            AdvisoryFolder.Json("A-2", "gone", "2024-02-01T00:00:00Z", more: ", \"withdrawn\": \"2024-02-01T00:00:00Z\""),
            AdvisoryFolder.Json("A-3", "rated", "2024-02-01T00:00:00Z", more: ", \"database_specific\": {\"severity\": \"HIGH\"}"),
            AdvisoryFolder.Json("A-4", "widened", "2024-02-01T00:00:00Z", """[{"type": "SEMVER", "events": [{"introduced": "0"}]}]"""),
            AdvisoryFolder.Json("A-5", "touched", "2024-02-01T00:00:00Z"),
            AdvisoryFolder.Json("A-6", "new"));
        using var newer = _folder.Open();
        string[] changed = ["gone", "new", "rated", "widened"];
        Assert.That(AdvisoryDatabase.ChangedPackages(older, newer), Is.EqualTo(changed.Select(n => new AdvisoryPackage("npm", n))));
        Assert.That(AdvisoryDatabase.ChangedPackages(newer, older), Is.EqualTo(changed.Select(n => new AdvisoryPackage("npm", n))));
        Assert.That(AdvisoryDatabase.ChangedPackages(newer, newer), Is.Empty);
    }

    [Test]
    public void Whoever_has_a_database_open_goes_on_with_it_while_it_is_replaced()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1"));
        var databases = new AdvisoryDatabases(_folder.Database);
        Assert.That(databases.Refresh(), Is.True);
        var older = databases.Current!;
        Assert.That(databases.Refresh(), Is.False);
        _folder.ImportJson(AdvisoryFolder.Json("A-2"));
        Assert.That(databases.Refresh(), Is.True);
        Assert.That(older.FindingsOf(AdvisoryFolder.Npm("demo", "1.0.0"), null), Has.Count.EqualTo(1));
        Assert.That(databases.Current!.FindingsOf(AdvisoryFolder.Npm("demo", "1.0.0"), null), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_file_that_is_no_database_leaves_the_last_one_in_force()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1"));
        var databases = new AdvisoryDatabases(_folder.Database);
        databases.Refresh();
        File.Delete(_folder.Database);
        Assert.That(databases.Refresh(), Is.False);
        _folder.Write("advisories.db", "nothing of the kind");
        Assert.That(databases.Refresh(), Is.False);
        Assert.That(databases.Problem, Does.Contain("not a database of advisories"));
        Assert.That(databases.Current!.FindingsOf(AdvisoryFolder.Npm("demo", "1.0.0"), null), Has.Count.EqualTo(1));
    }

    [Test]
    public void Any_damaged_byte_is_an_error_or_changes_nothing()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1", "one"), AdvisoryFolder.Json("A-2", "two", more: ", \"aliases\": [\"CVE-1-1\"]"));
        var whole = File.ReadAllBytes(_folder.Database);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(_folder.Database, damaged);
            Assert.That(FoundOrDamaged(), Is.AnyOf("A-1 CVE-1-1", "damaged"), $"byte {at}");
        }
    }

    [Test]
    public void A_file_that_is_cut_short_is_an_error()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1", "one"), AdvisoryFolder.Json("A-2", "two"));
        var whole = File.ReadAllBytes(_folder.Database);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder.Database, whole[..length]);
            Assert.That(FoundOrDamaged(), Is.EqualTo("damaged"), $"{length} bytes");
        }
    }

    [Test]
    public void A_file_that_is_cut_short_while_it_is_open_is_an_error_when_it_is_read()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1", "one"));
        using var database = _folder.Open();
        using (var file = new FileStream(_folder.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(200);
        }

        Assert.Throws<AdvisoryDatabaseException>(() => database.FindingsOf(AdvisoryFolder.Npm("one", "1.0.0"), null));
        Assert.Throws<AdvisoryDatabaseException>(() => database.Verify(CancellationToken.None));
    }

    private string FoundOrDamaged()
    {
        try
        {
            using var database = _folder.Open();
            database.Verify(CancellationToken.None);
            return string.Join(' ', new[] { "one", "two" }.SelectMany(n => database.FindingsOf(AdvisoryFolder.Npm(n, "1.0.0"), null)).Select(f => f.Vulnerability.Id));
        }
        catch (AdvisoryDatabaseException)
        {
            return "damaged";
        }
    }
}

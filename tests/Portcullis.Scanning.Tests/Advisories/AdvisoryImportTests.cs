using Portcullis.Scanning.Advisories;
using Portcullis.Testing;

namespace Portcullis.Scanning.Tests.Advisories;

[TestFixture]
internal sealed class AdvisoryImportTests
{
    private AdvisoryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new AdvisoryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void The_later_text_of_an_advisory_is_in_force_whichever_comes_first()
    {
        var older = AdvisoryFolder.Json("A-1", modified: "2024-01-01T00:00:00Z");
        var later = AdvisoryFolder.Json("A-1", "other", "2024-02-01T00:00:00Z");
        _folder.ImportJson(older);
        var update = _folder.ImportJson(later);
        var again = _folder.ImportJson(older);
        Assert.That((update.Updated, again.Older, again.IsWritten), Is.EqualTo((1, 1, false)));
        Assert.That(_folder.Found("demo", "1.0.0"), Is.Empty);
        Assert.That(_folder.Found("other", "1.0.0"), Is.EqualTo(new[] { "A-1" }));
    }

    [Test]
    public void Of_two_texts_of_one_time_the_one_that_comes_now_is_taken()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1", modified: "0001-01-01T00:00:00Z"));
        Assert.That(_folder.ImportJson(AdvisoryFolder.Json("A-1", "other", "0001-01-01T00:00:00Z")).Updated, Is.EqualTo(1));
        Assert.That(_folder.Found("other", "1.0.0"), Is.EqualTo(new[] { "A-1" }));
    }

    [Test]
    public void The_same_files_again_change_nothing()
    {
        string[] advisories = [AdvisoryFolder.Json("A-1"), AdvisoryFolder.Json("A-2", more: ", \"withdrawn\": \"2024-01-01T00:00:00Z\"")];
        _folder.ImportJson(advisories);
        var before = (File.ReadAllBytes(_folder.Database), File.GetLastWriteTimeUtc(_folder.Database));
        var report = _folder.ImportJson(advisories);
        Assert.That((report.Unchanged, report.IsWritten), Is.EqualTo((2, false)));
        Assert.That((File.ReadAllBytes(_folder.Database), File.GetLastWriteTimeUtc(_folder.Database)), Is.EqualTo(before));
    }

    [Test]
    public void A_withdrawn_advisory_is_removed_and_its_older_text_does_not_bring_it_back()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1"));
        var report = _folder.ImportJson(AdvisoryFolder.Json("A-1", modified: "2024-02-01T00:00:00Z", more: ", \"withdrawn\": \"2024-02-01T00:00:00Z\""));
        Assert.That(report.Withdrawn, Is.EqualTo(1));
        _folder.ImportJson(AdvisoryFolder.Json("A-1"));
        Assert.That(_folder.Found("demo", "1.0.0"), Is.Empty);
    }

    [TestCaseSource(nameof(SeedsToRun))]
    public void Imports_in_any_order_and_grouping_give_the_same_bytes(int seed)
    {
        var random = new Random(seed);
        var advisories = Enumerable.Range(0, 30).Select(i => AdvisoryFolder.Json(
            $"A-{random.Next(12)}", $"p{random.Next(5)}", $"2024-01-{i + 1:00}T00:00:00Z", more: random.Next(5) == 0 ? ", \"withdrawn\": \"2024-01-01T00:00:00Z\"" : $", \"aliases\": [\"CVE-1-{random.Next(5)}\"]")).ToArray();
        _folder.ImportJson(advisories);
        using var other = new AdvisoryFolder();
        random.Shuffle(advisories);
        foreach (var part in advisories.Chunk(random.Next(1, 15)))
        {
            other.ImportJson(part);
        }

        Assert.That(File.ReadAllBytes(other.Database), Is.EqualTo(File.ReadAllBytes(_folder.Database)));
    }

    [Test]
    public void What_cannot_be_read_is_named_and_the_rest_is_imported()
    {
        _folder.Limits = ImportLimits.Default with { AdvisoryBytes = 2000 };
        var folder = Path.GetDirectoryName(_folder.Write("all/broken.json", "{"))!;
        _folder.Write("all/huge.json", AdvisoryFolder.Json("A-9", more: $", \"details\": \"{new string('x', 5000)}\""));
        _folder.Write("all/good.json", AdvisoryFolder.Json("A-1"));
        _folder.Write("all/package.json", """{"name": "demo"}""");
        _folder.Write("all/.github/workflow.yaml", "on: push");
        _folder.Write("all/readme.md", "# Advisories");
        var report = _folder.Import(folder);
        Assert.That((report.Added, report.Unreadable, report.PassedOver), Is.EqualTo((1, 2, 1)));
        Assert.That(report.UnreadableFiles, Has.Some.Contain("broken.json: it is not JSON").And.Some.Contain("huge.json: it has"));
    }

    [Test]
    public void A_second_import_into_the_same_file_at_the_same_time_is_refused()
    {
        using (DurableFile.Lock(_folder.Database))
        {
            Assert.That(Assert.Throws<IOException>(() => _folder.ImportJson(AdvisoryFolder.Json("A-1")))!.Message, Does.Contain("another import"));
        }

        _folder.ImportJson(AdvisoryFolder.Json("A-1"));
        Assert.That(_folder.Found("demo", "1.0.0"), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_write_that_fails_leaves_the_database_as_it_was_and_nothing_beside_it()
    {
        _folder.ImportJson(AdvisoryFolder.Json("A-1"));
        _folder.Write(".advisories.db.0123.new", "left by a crash");
        var before = File.ReadAllBytes(_folder.Database);
        Assert.Throws<InvalidOperationException>(() => DurableFile.Replace(_folder.Database, file =>
        {
            file.Write(before.AsSpan(0, 100));
            throw new InvalidOperationException("the disk is full");
        }));
        Assert.That(File.ReadAllBytes(_folder.Database), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(_folder.Folder, ".*"), Is.Empty);
    }

    [Test]
    public void A_damaged_database_is_not_added_to()
    {
        _folder.Write("advisories.db", "nothing of the kind");
        Assert.That(Assert.Throws<AdvisoryDatabaseException>(() => _folder.ImportJson(AdvisoryFolder.Json("A-1")))!.Message, Does.Contain(_folder.Database));
    }

    private static IEnumerable<int> SeedsToRun() => Seeds.OrAsked(1, 10);
}

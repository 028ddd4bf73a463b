using System.Buffers.Binary;
using System.Formats.Tar;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Scanning.Tests.Advisories;

[TestFixture]
internal sealed class AdvisoryArchiveTests
{
    private static readonly string LongName = $"{new string('d', 90)}/{new string('e', 90)}/{new string('f', 90)}/A-2.json";

    private AdvisoryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new AdvisoryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Archives_of_every_kind_are_read()
    {
        byte[][] archives =
        [
            AdvisoryFolder.Zip(Files),
            AdvisoryFolder.Tar(TarEntryFormat.Pax, Files),
            AdvisoryFolder.Tar(TarEntryFormat.Gnu, Files),
            AdvisoryFolder.Tar(TarEntryFormat.Ustar, Files[..1]),
            AdvisoryFolder.Gzip(AdvisoryFolder.Tar(TarEntryFormat.Gnu, Files)),
            AdvisoryFolder.Zstd(AdvisoryFolder.Tar(TarEntryFormat.Pax, Files)),
        ];
        foreach (var archive in archives)
        {
            File.Delete(_folder.Database);
            var report = _folder.Import(_folder.Write("archive", archive));
            Assert.That((report.Unreadable, report.PassedOver), Is.EqualTo((0, 0)));
            Assert.That(_folder.Found("demo", "1.0.0"), Is.SubsetOf(new[] { "A-1", "A-2" }).And.Contains("A-1"));
        }
    }

    [TestCase("zip")]
    [TestCase("tar")]
    [TestCase("tar.gz")]
    [TestCase("tar.zst")]
    public void An_archive_that_is_cut_short_anywhere_is_refused_whole(string kind)
    {
        var whole = Archive(kind);
        for (var length = 4; length < whole.Length; length += Math.Max(1, whole.Length / 150))
        {
            // Behind the last advisory and the first block of the end mark there is nothing that could be missing.
            Assert.That(Imported(whole[..length]), length < whole.Length * 0.8 ? Is.EqualTo("refused") : Is.AnyOf("refused", "A-1 A-2"), $"{length} of {whole.Length} bytes");
        }
    }

    [Test]
    public void An_archive_that_is_refused_leaves_the_database_as_it_was()
    {
        _folder.ImportJson(AdvisoryFolder.Json("B-1"));
        var before = File.ReadAllBytes(_folder.Database);
        var good = _folder.Write("good.zip", Archive("zip"));
        Assert.That(() => _folder.Import(good, _folder.Write("cut.tar", Archive("tar")[..700])), Throws.InstanceOf<CorruptArchiveException>());
        Assert.That(File.ReadAllBytes(_folder.Database), Is.EqualTo(before));
    }

    [TestCase("zip")]
    [TestCase("tar.gz")]
    public void A_flipped_bit_is_refused_or_changes_nothing(string kind)
    {
        var whole = Archive(kind);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x04;
            var found = Imported(damaged);
            Assert.That(found, Is.AnyOf("A-1 A-2", "refused", "named"), $"byte {at}");
        }
    }

    [Test]
    public void Bombs_end_at_the_limits()
    {
        _folder.Limits = new ImportLimits { AdvisoryBytes = 10_000, Files = 100, TotalBytes = 1_000_000 };
        var zeros = new string('0', 900_000);
        var zip = _folder.Import(_folder.Write("bomb.zip", AdvisoryFolder.Zip(("A-1.json", AdvisoryFolder.Json("A-1")), ("bomb.json", zeros))));
        Assert.That(zip.UnreadableFiles.Single(), Does.EndWith("bomb.zip: bomb.json: it has 900000 bytes; at most 10000 are read"));
        var tar = AdvisoryFolder.Gzip(AdvisoryFolder.Tar(TarEntryFormat.Pax, ("1.json", zeros), ("2.json", zeros)));
        Assert.That(() => _folder.Import(_folder.Write("bomb.tgz", tar)), Throws.InstanceOf<CorruptArchiveException>().With.Message.Contain("more than 1000000 bytes"));
        var many = Enumerable.Range(0, 101).Select(i => ($"{i}.json", "{}")).ToArray();
        Assert.That(() => _folder.Import(_folder.Write("many.zip", AdvisoryFolder.Zip(many))), Throws.InstanceOf<CorruptArchiveException>().With.Message.Contain("101 files"));
        Assert.That(() => _folder.Import(_folder.Write("many.tar", AdvisoryFolder.Tar(TarEntryFormat.Ustar, many))), Throws.InstanceOf<CorruptArchiveException>().With.Message.Contain("more than 100 files"));
    }

    [Test]
    public void A_zip_entry_that_says_less_than_it_holds_is_refused()
    {
        var zip = AdvisoryFolder.Zip(("bomb.json", new string('0', 900_000)));
        var directory = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(directory + 24), 1000);
        Assert.That(() => _folder.Import(_folder.Write("bomb.zip", zip)), Throws.InstanceOf<CorruptArchiveException>().With.Message.Contain("longer than its directory says"));
    }

    [Test]
    public void Zip_entries_that_share_their_bytes_are_refused()
    {
        // Two entries of the directory that name the same large file: their lengths together exceed the archive.
        var random = new Random(1);
        var zip = AdvisoryFolder.Zip(("a.json", string.Concat(Enumerable.Range(0, 5000).Select(_ => (char)random.Next('a', 'z')))), ("b.json", "{}"));
        var first = zip.AsSpan().IndexOf("PK\u0001\u0002"u8);
        var second = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        zip.AsSpan(first + 16, 12).CopyTo(zip.AsSpan(second + 16));
        zip.AsSpan(first + 42, 4).CopyTo(zip.AsSpan(second + 42));
        Assert.That(() => _folder.Import(_folder.Write("quine.zip", zip)), Throws.InstanceOf<CorruptArchiveException>().With.Message.Contain("overlap"));
    }

    [Test]
    public void What_is_no_archive_is_refused()
    {
        Assert.That(() => _folder.Import(_folder.Write("advisories.txt", "hello")), Throws.InstanceOf<CorruptArchiveException>().With.Message.Contain("no archive of advisories"));
        Assert.That(() => _folder.Import(_folder.Write("empty", "")), Throws.InstanceOf<CorruptArchiveException>());
    }

    [Test]
    public void An_empty_zip_archive_has_no_advisories() => Assert.That(_folder.Import(_folder.Write("empty.zip", AdvisoryFolder.Zip())).Added, Is.Zero);

    private static (string Name, string Content)[] Files => [("A-1.json", AdvisoryFolder.Json("A-1")), (LongName, AdvisoryFolder.Json("A-2"))];

    private static byte[] Archive(string kind) => kind switch
    {
        "zip" => AdvisoryFolder.Zip(Files),
        "tar" => AdvisoryFolder.Tar(TarEntryFormat.Pax, Files),
        "tar.gz" => AdvisoryFolder.Gzip(AdvisoryFolder.Tar(TarEntryFormat.Pax, Files)),
        _ => AdvisoryFolder.Zstd(AdvisoryFolder.Tar(TarEntryFormat.Pax, Files)),
    };

    private string Imported(byte[] archive)
    {
        File.Delete(_folder.Database);
        try
        {
            var report = _folder.Import(_folder.Write("archive", archive));
            return report.Unreadable > 0 ? "named" : string.Join(' ', _folder.Found("demo", "1.0.0"));
        }
        catch (CorruptArchiveException)
        {
            return "refused";
        }
    }
}

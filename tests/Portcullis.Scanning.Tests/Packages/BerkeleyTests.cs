using System.Buffers.Binary;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;
using Portcullis.Scanning.Layers;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Rpm;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>
/// Databases of RPM in Berkeley DB. Those in Fixtures/rpm were made by db5.3_load, with pages of 512 bytes, of the headers of two packages that rpmbuild built and rpm put into
/// its database: both lie on overflow pages. Page 1 and 2 have the buckets.
/// </summary>
internal sealed class BerkeleyTests
{
    private const string Packages = "var/lib/rpm/Packages";
    private const int PageLength = 512;

    [Test]
    public async Task A_database_of_either_byte_order_has_the_packages_that_were_put_into_it([Values("little", "big")] string order)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("usr/bin/hello", [0x7f, .. "ELF"u8]).File(Packages, Fixture(order)));
        Assert.That(layer.Problems, Is.Empty);
        Assert.That(Read.Names(layer), Is.EquivalentTo(["hello 2:1.0-3", "hello-part 2:1.0-3"]));
        var part = layer.Packages.Single().Components.Single(c => c.Name == "hello-part");
        Assert.That((part.Format, part.SourceName, part.Architecture, part.License), Is.EqualTo((PackageFormat.Rpm, "hello", "noarch", "GPL-2.0-or-later")));
        Assert.That(layer.Contents.Single().Owner?.Name, Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_cut_database_is_a_problem_wherever_it_is_cut()
    {
        var bytes = Fixture("little");
        for (var length = 0; length < bytes.Length; length += 13)
        {
            var layer = await Read.LayerAsync(new LayerArchive().File(Packages, bytes[..length]));
            Assert.That(layer.Problems.Select(p => p.Path), Is.EqualTo([Packages]), $"cut at {length} of {bytes.Length}");
        }
    }

    [Test]
    public void A_damaged_database_is_read_or_a_problem_and_never_an_exception_of_another_kind([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var bytes = Fixture(seed % 2 == 0 ? "little" : "big");
        for (var i = 0; i < 20; i++)
        {
            bytes[random.Next(16, bytes.Length)] = (byte)random.Next(256);
            // The head of a page, where the numbers of other pages are.
            bytes[(random.Next(10) * PageLength) + random.Next(8, 34)] = (byte)random.Next(12);
        }

        try
        {
            ReadFile(bytes);
        }
        catch (UnreadableFileException)
        {
            Assert.Pass("It says so.");
        }
    }

    [Test]
    public void A_value_whose_pages_lead_in_a_circle_is_damage()
    {
        var bytes = Fixture("little");
        foreach (var page in PagesOf(bytes, type: 7).Where(p => bytes[(p * PageLength) + 16] != 0))
        {
            byte[] circle = [.. bytes];
            Put(circle, (page * PageLength) + 16, (uint)page);
            Assert.That(Assert.Throws<UnreadableFileException>(() => ReadFile(circle))!.Message, Is.EqualTo("the database is damaged"), $"page {page}");
        }
    }

    [Test]
    public void Two_values_on_the_same_pages_are_damage()
    {
        var bytes = Fixture("little");
        var values = Values(bytes).ToList();
        bytes.AsSpan(values[0] + 4, 8).CopyTo(bytes.AsSpan(values[1] + 4));
        Assert.That(Assert.Throws<UnreadableFileException>(() => ReadFile(bytes))!.Message, Is.EqualTo("the database is damaged"));
    }

    [Test]
    public void A_value_that_is_longer_than_the_file_or_than_its_pages_is_damage([Values(1729u, 5121u, uint.MaxValue)] uint length)
    {
        var bytes = Fixture("little");
        foreach (var value in Values(bytes))
        {
            Put(bytes, value + 8, length);
        }

        Assert.Throws<UnreadableFileException>(() => ReadFile(bytes));
    }

    [TestCase(12, 0x053162u, "it is no hash database")] // a tree
    [TestCase(20, 0u, "a length of pages")]
    [TestCase(20, 513u, "a length of pages")]
    [TestCase(20, 1u << 30, "a length of pages")]
    [TestCase(32, 10u, "was cut")]
    [TestCase(32, uint.MaxValue, "was cut")]
    [TestCase(24, 0x0801u, "encryption")]
    public void What_the_first_page_says_and_RPM_does_not_write_is_refused(int offset, uint number, string message)
    {
        var bytes = Fixture("little");
        Put(bytes, offset, number);
        Assert.That(Assert.Throws<UnreadableFileException>(() => ReadFile(bytes))!.Message, Does.Contain(message));
    }

    [Test]
    public void A_link_in_the_place_of_the_database_hides_it() => Assert.That(PackageReaders.IsHiddenBy("var/lib/rpm", "opt/rpm"));

    private static IReadOnlyList<Component> ReadFile(byte[] bytes) => new RpmBerkeley().Read(new PackageSource(Packages, bytes, new FileOwners(1000), LayerLimits.Default.Components));

    private static byte[] Fixture(string order) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "rpm", $"{order}-endian.db"));

    private static IEnumerable<int> PagesOf(byte[] bytes, byte type) => Enumerable.Range(1, (bytes.Length / PageLength) - 1).Where(p => bytes[(p * PageLength) + 25] == type);

    // The offsets of items that say on which pages the value is.
    private static IEnumerable<int> Values(byte[] bytes) => PagesOf(bytes, type: 13).Concat(PagesOf(bytes, type: 2)).SelectMany(page => Enumerable
        .Range(0, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan((page * PageLength) + 20)))
        .Select(i => (page * PageLength) + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan((page * PageLength) + 26 + (2 * i))))
        .Where(at => bytes[at] == 3));

    private static void Put(byte[] bytes, int offset, uint number) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), number);
}

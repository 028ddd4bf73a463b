using System.Text;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;
using Portcullis.Scanning.Layers;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Rpm;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>Files that name packages and are made to exhaust whoever reads them.</summary>
[NonParallelizable]
internal sealed class HugeFilesTests
{
    private const string OsRelease = "ID=alpine\nVERSION_ID=3.18\n";

    private static readonly LayerLimits Few = LayerLimits.Default with { Components = 100 };

    [TestCase("lib/apk/db/installed", "", "P:a{0}\nV:1\n\n", "")]
    [TestCase("var/lib/dpkg/status", "", "Package: a{0}\nVersion: 1\n\n", "")]
    [TestCase("app/yarn.lock", "", "a{0}@1:\n  version \"1\"\n", "")]
    [TestCase("app/pnpm-lock.yaml", "lockfileVersion: 9\npackages:\n", "  a{0}@1:\n", "")]
    [TestCase("app/pnpm-lock.yaml", "lockfileVersion: 9\npackages:\n", "  a@1:\n", "")]
    [TestCase("app/package-lock.json", "{\"packages\":{", "\"node_modules/a{0}\":{\"version\":\"1\"},", "\"\":{}}}")]
    [TestCase("app/package-lock.json", "{\"dependencies\":{", "\"a{0}\":{\"version\":\"1\"},", "\"\":{}}}")]
    public async Task A_file_that_names_more_components_than_are_kept_is_a_problem(string path, string begin, string item, string end)
    {
        var format = CompositeFormat.Parse(item.Replace("{\"", "{{\"", StringComparison.Ordinal).Replace("\"}", "\"}}", StringComparison.Ordinal));
        var text = begin + string.Concat(Enumerable.Range(0, 101).Select(i => string.Format(null, format, i))) + end;

        var layer = await Read.LayerAsync(new LayerArchive().File("etc/os-release", OsRelease).File(path, text).ToTar(), Few);

        Assert.That(layer.Packages.Sum(p => p.Components.Count), Is.LessThanOrEqualTo(100));
        Assert.That(layer.Problems.Select(p => (p.Path, p.Message)), Is.EqualTo(new[] { (path, "it names more than 100 components, and the rest was not kept") }));
    }

    [Test]
    public async Task Components_of_several_files_that_are_more_than_are_kept_are_a_problem()
    {
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $"a{i}@1:\n  version \"1\"\n"));
        var layer = await Read.LayerAsync(new LayerArchive().File("a/yarn.lock", text).File("b/yarn.lock", text).ToTar(), Few);
        Assert.That(layer.Packages.Select(p => p.Components.Count), Is.EqualTo([60, 40]));
        Assert.That(layer.Problems.Single().Message, Does.Contain("more than 100 components"));
    }

    [TestCase("P:{0}\nV:1\n")]
    [TestCase("P:a\nV:{0}\n")]
    [TestCase("P:a\nV:1\no:{0}\n")]
    [TestCase("P:a\nV:1\nA:{0}\n")]
    public async Task A_name_or_version_without_end_is_a_problem_and_not_kept(string package)
    {
        var text = package.Replace("{0}", new string('1', 8193), StringComparison.Ordinal) + "\nP:b\nV:2\n\n";
        var layer = await Read.LayerAsync(new LayerArchive().File("etc/os-release", OsRelease).File("lib/apk/db/installed", text));
        Assert.That(Read.Names(layer), Is.EqualTo(["b 2"]));
        Assert.That(layer.Problems.Single(), Is.EqualTo(new InventoryProblem(0, "lib/apk/db/installed", "a component in it has a name or a version of more than 8192 characters")));
        var kept = await Read.LayerAsync(new LayerArchive().File("lib/apk/db/installed", package.Replace("{0}", new string('1', 8192), StringComparison.Ordinal)));
        Assert.That((kept.Packages.Single().Components.Count, kept.Problems.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_licence_without_end_is_not_known()
    {
        var text = "P:a\nV:1\nL:" + string.Join(" AND ", Enumerable.Range(0, 2000).Select(i => $"LicenseRef-{i}")) + "\n";
        var layer = await Read.LayerAsync(new LayerArchive().File("lib/apk/db/installed", text));
        Assert.That((layer.Packages.Single().Components.Single().License, layer.Problems.Count), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task A_field_of_millions_of_lines_is_read_in_linear_time()
    {
        var text = "Package: a\nVersion: 1\n" + string.Concat(Enumerable.Repeat(" x\n", 4_000_000));
        var layer = await Read.LayerAsync(new LayerArchive().File("etc/os-release", "ID=debian\n").File("var/lib/dpkg/status", text));
        Assert.That(layer.Problems.Single().Message, Does.Contain("a name or a version of more than"));
    }

    [Test]
    public async Task Metadata_with_millions_of_fields_is_read()
    {
        var text = "Name: x\nVersion: 1\n" + string.Concat(Enumerable.Repeat("A:\n", 2_000_000)) + string.Concat(Enumerable.Repeat("Classifier: a\n", 2000));
        var layer = await Read.LayerAsync(new LayerArchive().File("x.dist-info/METADATA", text));
        Assert.That(Read.Names(layer), Is.EqualTo(["x 1"]));
        Assert.That(layer.Problems, Is.Empty);
    }

    [Test]
    [CancelAfter(20_000)]
    public void A_database_whose_every_slot_names_the_same_package_is_damaged()
    {
        // Each of the slots of the first pages leads to the one header behind them, which has many tags.
        const int Pages = 64;
        const int Tags = 200_000;
        var slots = Pages * 4096;
        var header = new byte[8 + (16 * Tags) + 64];
        Big(header, 0, Tags);
        Big(header, 4, 64);
        Tag(header, 0, 1000, 6, 0);
        Tag(header, 1, 1001, 6, 2);
        "a\01\0"u8.CopyTo(header.AsSpan(8 + (16 * Tags)));
        for (var i = 2; i < Tags; i++)
        {
            Tag(header, i, 5000 + i, 6, 0);
        }

        var file = new byte[slots + 16 + header.Length];
        "RpmP"u8.CopyTo(file);
        BitConverter.TryWriteBytes(file.AsSpan(12), Pages);
        for (var slot = 32; slot < slots; slot += 16)
        {
            "Slot"u8.CopyTo(file.AsSpan(slot));
            BitConverter.TryWriteBytes(file.AsSpan(slot + 4), 1);
            BitConverter.TryWriteBytes(file.AsSpan(slot + 8), slots / 16);
        }

        "BlbS"u8.CopyTo(file.AsSpan(slots));
        BitConverter.TryWriteBytes(file.AsSpan(slots + 4), 1);
        BitConverter.TryWriteBytes(file.AsSpan(slots + 12), header.Length);
        header.CopyTo(file, slots + 16);

        var thrown = Assert.Throws<UnreadableFileException>(() => new RpmNdb().Read(new PackageSource("x", file, new FileOwners(10), 10)));
        Assert.That(thrown!.Message, Is.EqualTo("its packages have more bytes than the database"));
    }

    private static void Tag(byte[] header, int index, int tag, int type, int offset)
    {
        var at = 8 + (16 * index);
        Big(header, at, tag);
        Big(header, at + 4, type);
        Big(header, at + 8, offset);
        Big(header, at + 12, 1);
    }

    private static void Big(byte[] bytes, int at, int number) => System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), number);
}

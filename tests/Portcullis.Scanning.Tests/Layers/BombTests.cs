using System.Formats.Tar;
using System.Text;
using Portcullis.Core.Components;
using Portcullis.Scanning.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Layers;

/// <summary>Layers that are made to exhaust whoever reads them.</summary>
[NonParallelizable]
internal sealed class BombTests
{
    private const long MiB = 1 << 20;

    [Test]
    [Category("Faults")]
    public async Task Ten_million_entries_are_read_in_bounded_memory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var layer = await ReadAsync(new EndlessArchive(10_000_000, i => i == 9_999_999 ? ("var/lib/dpkg/status", '0', 0) : ($"usr/bin/f{i}", '0', 0)));
        Assert.That(layer.Packages.Select(p => p.Path), Is.EqualTo(["var/lib/dpkg/status"]), "the last entry is read too");
        Assert.That(layer.Removed, Has.Count.EqualTo(LayerLimits.Default.HiddenPaths));
        Assert.That((GC.GetTotalMemory(forceFullCollection: true) - before) / MiB, Is.LessThan(64));
        GC.KeepAlive(layer);
    }

    [Test]
    public async Task Very_many_package_files_whiteouts_programs_or_problems_are_bounded(
        [Values("a/node_modules/p{0}/package.json 0", "d{0}/.wh.x 0", "../x{0} 0", "usr/share/doc/p{0}/copyright 0", "files/{0:x32} 0")] string template)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var name = CompositeFormat.Parse(template.Split(' ')[0]);
        var layer = await ReadAsync(new EndlessArchive(300_000, i => (string.Format(null, name, i), '0', 0)));
        Assert.That((GC.GetTotalMemory(forceFullCollection: true) - before) / MiB, Is.LessThan(96));
        Assert.That(layer.Problems, Has.Count.LessThanOrEqualTo(LayerLimits.Default.Problems + 1));
        GC.KeepAlive(layer);
    }

    [Test]
    public async Task A_file_of_a_terabyte_of_zeros_is_stopped_at_the_limit_of_the_layer()
    {
        var limits = LayerLimits.Default with { LayerBytes = 256 * MiB };
        var layer = await LayerReader.ReadAsync(Read.Digest, new EndlessArchive(1, _ => ("zeros", '0', 8L << 30)), limits, CancellationToken.None);
        Assert.That(layer.Problems.Single().Message, Does.Contain("256 MiB"));
    }

    [Test]
    public async Task Extended_headers_of_gigabytes_are_refused_before_they_are_read([Values('x', 'g', 'L', 'K')] char type)
    {
        var layer = await ReadAsync(new EndlessArchive(1, _ => ("x", type, 2L << 30)));
        Assert.That(layer.Problems.Single().Message, Does.Contain("extended header"));
    }

    [Test]
    public void The_lists_of_files_of_millions_of_packages_are_read_in_bounded_memory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var owners = new Scanning.Packages.FileOwners(1000);
        for (var i = 0; i < 1_000_000; i++)
        {
            owners.Of($"package {i}", isOfDistribution: true);
        }

        Assert.That((GC.GetTotalMemory(forceFullCollection: true) - before) / MiB, Is.LessThan(8));
        Assert.That(owners.Of("package 1", isOfDistribution: true), Is.SameAs(owners.Of("package 1", isOfDistribution: true)));
        GC.KeepAlive(owners);
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task The_map_of_a_sparse_file_that_has_no_end_is_refused()
    {
        var record = "23 GNU.sparse.offset=0\n"u8.ToArray();
        var records = Enumerable.Repeat(record, (1 << 20) / record.Length).SelectMany(r => r).ToArray();
        var headers = Enumerable.Range(0, 40).SelectMany(_ => Extended(records)).ToArray();
        Assert.That((await Read.LayerAsync(headers)).Problems.Single().Message, Does.Contain("sparse"));
        var whole = Extended([.. "22 GNU.sparse.major=1\n"u8, .. "30 GNU.sparse.realsize=100000\n"u8]);
        var digits = new byte[20 * MiB];
        digits.AsSpan().Fill((byte)'1');
        Assert.That((await Read.LayerAsync([.. whole, .. Header('0', digits.Length), .. digits])).Problems.Single().Message, Does.Contain("sparse"));
    }

    [Test]
    public async Task A_database_that_says_it_has_gigabytes_is_not_read_and_named()
    {
        var layer = await ReadAsync(new EndlessArchive(1, _ => ("var/lib/rpm/rpmdb.sqlite", '0', 4L << 30)));
        Assert.That(layer.Problems.Single().Path, Is.EqualTo("var/lib/rpm/rpmdb.sqlite"));
    }

    [Test]
    public async Task JSON_that_nests_without_end_is_a_problem()
    {
        var text = string.Concat(Enumerable.Repeat("{\"dependencies\":{\"a\":", 100_000));
        var layer = await Read.LayerAsync(new LayerArchive().File("package-lock.json", text).File("node_modules/x/package.json", new string('[', 1_000_000)));
        Assert.That(layer.Problems.Select(p => p.Path), Is.EqualTo(["package-lock.json", "node_modules/x/package.json"]));
    }

    [Test]
    public async Task A_path_beyond_the_limit_is_a_problem_and_the_rest_is_read()
    {
        var deep = string.Concat(Enumerable.Repeat("a/", 400)) + "x";
        var layer = await Read.LayerAsync(new LayerArchive().File(deep, "x").File(new string('b', 5000), "x").File("x.dist-info/METADATA", "Name: x\nVersion: 1\n"));
        Assert.That(layer.Problems, Has.Count.EqualTo(2));
        Assert.That(Read.Names(layer), Is.EqualTo(["x 1"]));
    }

    [Test]
    public async Task Sparse_files_are_read_with_their_holes_and_false_maps_are_refused()
    {
        var whole = Sparse("0,8,600,3", "603", [.. "Name: y\nabc"u8]);
        var layer = await Read.LayerAsync(whole);
        Assert.That(layer.Problems.Select(p => p.Message), Has.None.Contains("sparse"));
        Assert.That(layer.Packages.Single().Components.Single().Name, Is.EqualTo("y"));
        foreach (var (map, size) in new[] { ("5,5,0,6", "11"), ("0,8,600,3", "100"), ("0,99999999999", "99999999999"), ("0,4", "11") })
        {
            Assert.That((await Read.LayerAsync(Sparse(map, size, [.. "Name: y\nabc"u8]))).Problems.Single().Message, Does.Contain("sparse"), map);
        }
    }

    private static byte[] Sparse(string map, string size, byte[] stored)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "GNUSparseFile.0/x", new Dictionary<string, string>
            {
                ["GNU.sparse.major"] = "0", ["GNU.sparse.minor"] = "1", ["GNU.sparse.name"] = "x-1.dist-info/METADATA", ["GNU.sparse.map"] = map, ["GNU.sparse.size"] = size,
            }) { DataStream = new MemoryStream(stored) });
        }

        return bytes.ToArray();
    }

    private static byte[] Extended(byte[] records) => [.. Header('x', records.Length), .. records, .. new byte[-records.Length & 511]];

    private static byte[] Header(char type, int size)
    {
        var header = new byte[512];
        "x"u8.CopyTo(header);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(header, 124);
        header[156] = (byte)type;
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0").CopyTo(header, 148);
        return header;
    }

    private static Task<LayerInventory> ReadAsync(Stream archive) => LayerReader.ReadAsync(Read.Digest, archive, CancellationToken.None);
}

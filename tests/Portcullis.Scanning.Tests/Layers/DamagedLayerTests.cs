using System.IO.Compression;
using Portcullis.Scanning.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Layers;

/// <summary>Whatever is wrong with a layer, its inventory says so.</summary>
internal sealed class DamagedLayerTests
{
    private const string Status = "Package: bash\nStatus: install ok installed\nVersion: 5\n\n";

    private static byte[] Tar => new LayerArchive().File("var/lib/dpkg/status", Status).File("usr/share/x", new byte[5000]).ToTar();

    [Test]
    public async Task An_archive_that_ends_within_an_entry_is_a_problem([Values(1, 511, 513, 1100, 1540, 3000, 5000)] int length)
    {
        var layer = await Read.LayerAsync(Tar[..length]);
        Assert.That(layer.Problems, Is.Not.Empty);
    }

    [Test]
    public async Task A_cut_compressed_layer_is_a_problem([Values] bool zstd)
    {
        var blob = zstd ? Read.Zstd(Tar) : LayerArchive.Gzip(Tar);
        for (var length = 5; length < blob.Length; length++)
        {
            Assert.That((await Read.LayerAsync(blob[..length])).Problems, Is.Not.Empty, $"cut at {length} of {blob.Length}");
        }
    }

    [Test]
    public async Task A_changed_byte_of_a_compressed_layer_is_a_problem_unless_it_changes_nothing()
    {
        var blob = LayerArchive.Gzip(Tar);
        for (var at = 10; at < blob.Length - 8; at += 3)
        {
            byte[] damaged = [.. blob];
            damaged[at] ^= 0x55;
            var layer = await Read.LayerAsync(damaged);
            Assert.That(layer.Problems.Count > 0 || IsSame(damaged), $"changed at {at} of {blob.Length}");
        }
    }

    [Test]
    public async Task A_number_of_a_header_in_base_256_that_does_not_fit_is_damage([Values(100, 124, 148)] int field)
    {
        var damaged = Tar;
        damaged[field] = 0xff;
        Assert.That((await Read.LayerAsync(damaged)).Problems.Single().Message, Does.Contain("header"));
    }

    [Test]
    public async Task What_is_no_archive_is_a_problem([Values("hello", "BZh91AY", "\u00fd7zXZ")] string text)
    {
        var layer = await Read.LayerAsync(System.Text.Encoding.Latin1.GetBytes(text));
        Assert.That(layer.Problems.Single().Path, Is.Empty);
    }

    [Test]
    public async Task Beyond_a_limit_of_size_or_entries_the_layer_is_incomplete_and_says_which()
    {
        var bySize = await Read.LayerAsync(new LayerArchive().File("zeros", new byte[3 << 20]).ToGzip(), LayerLimits.Default with { LayerBytes = 1 << 20 });
        Assert.That(bySize.Problems.Single().Message, Does.Contain("1 MiB"));
        var byCount = await Read.LayerAsync(new LayerArchive().File("a", "").File("b", "").File("c", "").ToTar(), LayerLimits.Default with { Entries = 2 });
        Assert.That(byCount.Problems.Single().Message, Does.Contain("2 entries"));
    }

    [Test]
    public async Task A_package_file_beyond_its_limit_is_named_and_the_rest_is_read()
    {
        var layer = await Read.LayerAsync(
            new LayerArchive().File("a/x.dist-info/METADATA", new byte[2000]).File("var/lib/dpkg/status", Status).ToTar(), LayerLimits.Default with { PackageFileBytes = 1000 });
        Assert.That(layer.Problems.Single().Path, Is.EqualTo("a/x.dist-info/METADATA"));
        Assert.That(Read.Names(layer), Is.EqualTo(["bash 5"]));
    }

    [Test]
    public void A_failure_of_the_callers_stream_is_the_callers()
    {
        Assert.That(async () => await LayerReader.ReadAsync(Read.Digest, new FailingStream(Tar[..600]), CancellationToken.None), Throws.InstanceOf<InvalidDataException>());
    }

    private static bool IsSame(byte[] blob)
    {
        using var gzip = new GZipStream(new MemoryStream(blob), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray().AsSpan().SequenceEqual(Tar);
    }

    private sealed class FailingStream(byte[] first) : MemoryStream(first)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new InvalidDataException("the digest is another");
    }
}

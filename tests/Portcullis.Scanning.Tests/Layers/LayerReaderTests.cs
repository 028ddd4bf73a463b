using System.Formats.Tar;
using Portcullis.Core.Components;
using Portcullis.Scanning.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Layers;

internal sealed class LayerReaderTests
{
    private const string Status = "Package: bash\nStatus: install ok installed\nVersion: 5.2.15-2+b2\nArchitecture: amd64\nSource: bash (5.2.15-2)\n\n";

    [Test]
    public async Task Reads_archives_of_every_format([Values(TarEntryFormat.Pax, TarEntryFormat.Gnu, TarEntryFormat.Ustar, TarEntryFormat.V7)] TarEntryFormat format)
    {
        var layer = new LayerArchive(format).Directory("var/lib/dpkg/").File("var/lib/dpkg/status", Status).File("etc/hostname", "x");
        Assert.That(Read.Names(await Read.LayerAsync(layer)), Is.EqualTo(["bash 5.2.15-2+b2"]));
    }

    [Test]
    public async Task Tells_the_compression_by_the_first_bytes()
    {
        var tar = new LayerArchive().File("var/lib/dpkg/status", Status).ToTar();
        byte[][] blobs = [tar, LayerArchive.Gzip(tar), Read.Zstd(tar), [.. LayerArchive.Gzip(tar[..1000]), .. LayerArchive.Gzip(tar[1000..])]];
        foreach (var blob in blobs)
        {
            Assert.That(Read.Names(await Read.LayerAsync(blob)), Is.EqualTo(["bash 5.2.15-2+b2"]));
        }
    }

    [Test]
    public async Task Reads_a_blob_to_its_end_so_that_its_digest_can_be_verified()
    {
        var blob = new MemoryStream([.. new LayerArchive().File("a", "b").ToGzip(), 1, 2, 3]);
        var layer = await LayerReader.ReadAsync(Read.Digest, blob, CancellationToken.None);
        Assert.That(layer.Problems, Is.Empty);
        Assert.That(blob.Position, Is.EqualTo(blob.Length));
    }

    [Test]
    public async Task Names_however_written_are_paths_of_the_image([Values("./var/lib/dpkg/status", "/var/lib/dpkg/status", "var//lib/./dpkg/x/../status")] string name)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(name, Status));
        Assert.That(layer.Packages.Select(p => p.Path), Is.EqualTo(["var/lib/dpkg/status"]));
    }

    [Test]
    public async Task A_path_that_leads_out_of_the_image_is_a_problem_and_not_followed()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("../../var/lib/dpkg/status", Status));
        Assert.That(layer.Packages, Is.Empty);
        Assert.That(layer.Problems, Is.EqualTo([new InventoryProblem(0, "../../var/lib/dpkg/status", "its path leads out of the image")]));
    }

    [Test]
    public async Task Whiteouts_and_opaque_directories_are_told_and_a_storage_drivers_own_marks_are_not()
    {
        var layer = await Read.LayerAsync(new LayerArchive().Whiteout("usr/bin/tool").Opaque("opt").Opaque("").File(".wh..wh.plnk/x", "").File("a/.wh..wh.aufs", ""));
        Assert.That(layer.Removed, Is.EqualTo(["usr/bin/tool"]));
        Assert.That(layer.Opaque, Is.EqualTo(["", "opt"]));
    }

    [Test]
    public async Task A_link_or_script_that_takes_the_place_of_a_file_hides_it()
    {
        var layer = await Read.LayerAsync(new LayerArchive().SymbolicLink("usr/bin/a", "b").File("usr/bin/c", "#!/bin/sh", executable: true).File("etc/plain", "x"));
        Assert.That(layer.Removed, Is.EqualTo(["usr/bin/a", "usr/bin/c"]));
    }

    [Test]
    public async Task The_later_of_two_entries_of_one_path_counts()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("var/lib/dpkg/status", Status).File("var/lib/dpkg/status", Status.Replace("bash", "dash", StringComparison.Ordinal)));
        Assert.That(Read.Names(layer), Is.EqualTo(["dash 5.2.15-2+b2"]));
    }

    [Test]
    public async Task A_hard_link_to_a_file_that_was_read_is_read_and_any_other_is_a_problem()
    {
        const string Egg = "Name: Flask\nVersion: 2.0\n";
        var layer = await Read.LayerAsync(new LayerArchive().File("a/x.dist-info/METADATA", Egg).HardLink("b/x.dist-info/METADATA", "a/x.dist-info/METADATA")
            .HardLink("var/lib/dpkg/status", "../../etc/shadow").File("hidden", Status).HardLink("c/x.dist-info/METADATA", "hidden"));
        Assert.That(layer.Packages.Select(p => p.Path), Is.EqualTo(["a/x.dist-info/METADATA", "b/x.dist-info/METADATA"]));
        Assert.That(layer.Problems.Select(p => p.Path), Is.EqualTo(["var/lib/dpkg/status", "c/x.dist-info/METADATA"]));
    }

    [Test]
    public async Task A_package_database_that_is_a_link_to_somewhere_else_is_a_problem()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("data", Status).SymbolicLink("var/lib/dpkg/status", "../../../data"));
        Assert.That(layer.Problems.Single().Message, Does.Contain("../../../data"));
    }

    [Test]
    public async Task A_directory_above_a_package_database_may_be_a_link_only_to_where_it_is_read(
        [Values("var/lib/dpkg ../../data/dpkg", "var /private/var", "var/lib/rpm ../../../../x", "var/lib/dpkg/status.d /opt/d", "usr/share/rpm ../lib/x", "var/lib/dpkg/status status", "lib usr/lib ok", "var/lib/rpm ../../usr/lib/sysimage/rpm ok", "opt data ok")] string link)
    {
        var parts = link.Split(' ');
        var layer = await Read.LayerAsync(new LayerArchive().SymbolicLink(parts[0], parts[1]));
        Assert.That(layer.Problems.Select(p => p.Path), Is.EqualTo(parts.Length == 3 ? Array.Empty<string>() : [parts[0]]));
    }

    [Test]
    public async Task Programs_and_jars_are_known_by_their_content()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("bin/tool", [0x7f, .. "ELFabc"u8]).File("lib/x.jar", "PKabc").File("lib/x.zip", "PKabc").File("e", ""));
        Assert.That(layer.Contents.Select(c => c.Path), Is.EqualTo(["bin/tool", "lib/x.jar"]));
        Assert.That(layer.Contents[1].Sha256, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("PKabc"u8))));
    }
}

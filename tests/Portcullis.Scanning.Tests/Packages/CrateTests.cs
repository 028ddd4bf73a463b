using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Portcullis.Core.Components;
using Portcullis.Scanning.Packages.Rust;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>Lists of crates in binaries of Rust, as cargo auditable puts them there.</summary>
internal sealed class CrateTests
{
    private const string Crates = """
        {"packages":[{"name":"app","version":"0.1.0","source":"local","dependencies":[1,2],"root":true},{"name":"serde","version":"1.0.188","source":"crates.io"},
        {"name":"openssl-src","version":"300.1.3+3.1.2","source":"registry","kind":"runtime"},{"name":"cc","version":"1.0.83","source":"crates.io","kind":"build"}],"format":1}
        """;

    private static readonly string[] Expected = ["app 0.1.0", "serde 1.0.188", "openssl-src 300.1.3+3.1.2"];

    // The layer's buffer has 256 KiB, of which the header of the archive takes some.
    [TestCase(64)]
    [TestCase(511)]
    [TestCase(512)]
    [TestCase(100_000)]
    [TestCase(260_000)]
    [TestCase(261_000)]
    [TestCase(261_400)]
    [TestCase(261_632)]
    [TestCase(262_144)]
    [TestCase(600_001)]
    public async Task The_crates_of_a_binary_are_found_wherever_their_list_lies(int at)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("bin/tool", Binary(at, Compressed(Crates), 1000)));
        Assert.That(Read.Names(layer), Is.EqualTo(Expected));
        Assert.That(layer.Packages.Single().Components.Select(c => c.Format), Is.All.EqualTo(PackageFormat.Crate));
        Assert.That(layer.Problems, Is.Empty);
    }

    [Test]
    public void A_list_is_found_however_the_binary_is_cut_into_parts([Values(1, 7, 100, 511, 512, 513, 4096)] int part, [Values(0, 1, 300, 700)] int after)
    {
        var binary = Binary(1500, Compressed(Crates), after);
        var scanner = new AuditScanner();
        scanner.Begin();
        for (var i = 0; i < binary.Length; i += part)
        {
            scanner.Append(binary.AsSpan(i, Math.Min(part, binary.Length - i)));
        }

        scanner.Finish();
        Assert.That(scanner.Found.Select(c => $"{c.Name} {c.Version}"), Is.EqualTo(Expected));
    }

    [Test]
    public async Task A_list_is_found_however_it_is_compressed([Values] CompressionLevel level, [Values(1, 300)] int crates)
    {
        var random = new Random(1);
        var packages = string.Join(',', Enumerable.Range(0, crates).Select(i => $$"""{"name":"crate-{{i}}-{{random.Next():x}}","version":"{{random.Next(9)}}.{{random.Next(20)}}.{{i}}","source":"crates.io"}"""));
        var layer = await Read.LayerAsync(new LayerArchive().File("bin/tool", Binary(5000, Compressed($$"""{"packages":[{{packages}}]}""", level), 1000)));
        Assert.That(layer.Packages.Single().Components, Has.Count.EqualTo(crates));
    }

    [Test]
    public async Task Data_that_begins_in_the_same_way_and_is_no_list_is_passed_over()
    {
        byte[] other = [.. Compressed("""{"package":"x"}"""), .. Compressed("text that is long enough to have codes of its own, which this one has"), 0x78, 0xda, 0x78, 0x9c, 0x04, 0x78];
        var binary = Binary(3000, [.. other, .. other, .. Compressed(Crates)], 100);
        Assert.That(Read.Names(await Read.LayerAsync(new LayerArchive().File("bin/tool", binary))), Is.EqualTo(Expected));
        Assert.That((await Read.LayerAsync(new LayerArchive().File("bin/tool", Binary(64, other, 0)))).Packages, Is.Empty);
    }

    [Test]
    public async Task Crates_in_a_file_that_is_no_program_are_not_looked_for() =>
        Assert.That((await Read.LayerAsync(new LayerArchive().File("data.bin", [.. "data"u8, .. Compressed(Crates)]))).Packages, Is.Empty);

    [TestCase("""{"packages":[{"version":"1"}]}""")]
    [TestCase("""{"packages":[{"name":7}]}""")]
    [TestCase("""{"packages":[1,2]}""")]
    [TestCase("""{"packages":[{"name":"a" """)]
    public async Task A_list_that_is_damaged_is_a_problem(string json)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("bin/tool", Binary(64, Compressed(json), 100)));
        Assert.That(layer.Problems, Is.EqualTo([new InventoryProblem(0, "bin/tool", "it was built with cargo auditable, and its list of crates is damaged")]));
        Assert.That(layer.Packages, Is.Empty);
    }

    [Test]
    public async Task A_list_that_is_cut_or_changed_is_a_problem()
    {
        var list = Compressed(Crates);
        for (var length = list.Length / 2; length < list.Length; length++)
        {
            Assert.That((await Read.LayerAsync(new LayerArchive().File("bin/tool", Binary(64, list[..length], 0)))).Problems.Select(p => p.Path), Is.EqualTo(["bin/tool"]), $"cut at {length} of {list.Length}");
        }

        list[^1] ^= 1;
        Assert.That((await Read.LayerAsync(new LayerArchive().File("bin/tool", Binary(64, list, 100)))).Problems, Has.Count.EqualTo(1), "its checksum is wrong");
    }

    [Test]
    public async Task A_list_that_swells_without_end_is_a_problem()
    {
        var list = Compressed("""{"packages":[""" + new string(' ', 64 << 20));
        Assert.That(list, Has.Length.LessThan(1 << 20));
        Assert.That((await Read.LayerAsync(new LayerArchive().File("bin/tool", Binary(64, list, 0)))).Problems.Select(p => p.Path), Is.EqualTo(["bin/tool"]));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task A_binary_full_of_what_looks_like_a_beginning_is_read_in_time()
    {
        byte[] piece = [0x78, 0xda, .. Compressed("""{"packages":{}}""")[2..]];
        var binary = Binary(64, Enumerable.Repeat(piece, 200_000).SelectMany(p => p).ToArray(), 0);
        Assert.That((await Read.LayerAsync(new LayerArchive().File("bin/tool", binary))).Packages, Is.Empty);
    }

    [Test]
    public async Task The_section_of_a_real_program_is_found()
    {
        var folder = Directory.CreateTempSubdirectory("portcullis-crates-").FullName;
        try
        {
            var (program, section) = (Path.Combine(folder, "program"), Path.Combine(folder, "section"));
            await File.WriteAllBytesAsync(section, Compressed(Crates));
            using var objcopy = Process.Start("objcopy", ["--add-section", $".dep-v0={section}", "/bin/true", program]);
            await objcopy.WaitForExitAsync();
            Assert.That(Read.Names(await Read.LayerAsync(new LayerArchive().File("bin/tool", await File.ReadAllBytesAsync(program)))), Is.EqualTo(Expected));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("objcopy is not installed here");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Bytes by chance stand for the code.
    private static byte[] Binary(int at, byte[] list, int after)
    {
        var binary = new byte[at + list.Length + after];
        new Random(7).NextBytes(binary);
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0 }.CopyTo(binary, 0);
        list.CopyTo(binary, at);
        return binary;
    }

    private static byte[] Compressed(string text, CompressionLevel level = CompressionLevel.SmallestSize)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, level))
        {
            zlib.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}

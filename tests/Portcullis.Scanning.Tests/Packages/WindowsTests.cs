using System.Buffers.Binary;
using System.Diagnostics;
using Portcullis.Core.Components;
using Portcullis.Scanning.Packages.Windows;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>Programs and libraries of Windows, by their version resources.</summary>
internal sealed class WindowsTests
{
    private static readonly (string, string)[] Json = [("InternalName", "Newtonsoft.Json.dll"), ("ProductName", "Json.NET"), ("FileVersion", "13.0.3.27908"), ("ProductVersion", "13.0.3+0a2e291c0d9c")];

    [Test]
    public async Task An_assembly_that_no_package_has_is_the_NuGet_package_of_its_name()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("app/x.dll", PeFile.Make(managed: true, Json)));
        Assert.That(layer.Packages.Single().Components, Is.EqualTo([new Component { Format = PackageFormat.NuGet, Name = "Newtonsoft.Json", Version = "13.0.3" }]));
        Assert.That((layer.Packages.Single().Path, layer.Problems.Count, layer.Contents.Count), Is.EqualTo(("app/x.dll", 0, 1)));
    }

    [Test]
    public async Task Any_other_binary_is_the_product_that_it_is_part_of()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("a.exe", PeFile.Make(managed: false, ("ProductName", "The OpenSSL Toolkit"), ("ProductVersion", "1.1.1, 4"), ("FileVersion", "9")))
            .File("b.dll", PeFile.Make(managed: false, ("InternalName", "a/b"), ("FileVersion", "10.0.19041.1 (WinBuild.160101.0800)"))));
        Assert.That(layer.Packages.SelectMany(p => p.Components).Select(c => (c.Format, c.Name, c.Version)),
            Is.EqualTo([(PackageFormat.Other, "generic/The OpenSSL Toolkit", "1.1.1.4"), (PackageFormat.Other, "generic/a-b", "10.0.19041.1")]));
    }

    [TestCase("InternalName=a.resources.dll,ProductVersion=1")]
    [TestCase("InternalName=a.dll,ProductVersion=unknown")]
    [TestCase("InternalName=a.dll")]
    [TestCase("ProductVersion=1")]
    [TestCase("")]
    public async Task What_has_no_name_or_no_version_or_only_texts_is_not_shown(string texts)
    {
        var pairs = texts.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(t => (t.Split('=')[0], t.Split('=')[1])).ToArray();
        var layer = await Read.LayerAsync(new LayerArchive().File("a.dll", PeFile.Make(managed: true, pairs)));
        Assert.That((layer.Packages.Count, layer.Problems.Count), Is.EqualTo((0, 0)));
    }

    [TestCase("app/x.deps.json", """{"libraries":{"A/1.0.0":{"type":"package"}}}""", "app/a.dll")]
    [TestCase("var/lib/dpkg/info/a.list", "/usr/lib/a.dll\n", "usr/lib/a.dll")]
    [TestCase("x.dist-info/RECORD", "a.dll,,\n", "a.dll")]
    [TestCase("x", "", "usr/share/dotnet/packs/A.Ref/ref/net8.0/a.dll")]
    public async Task What_a_package_has_or_a_deps_json_describes_or_compilers_alone_use_is_not_shown_by_itself(string file, string text, string assembly)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(assembly, PeFile.Make(managed: true, Json)).File(file, text)
            .File("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nVersion: 1\n").File("x.dist-info/METADATA", "Name: x\nVersion: 1\n"));
        Assert.That(layer.Packages.SelectMany(p => p.Components).Select(c => c.Name), Has.None.EqualTo("Newtonsoft.Json"));
    }

    [Test]
    public async Task A_file_that_takes_the_place_of_a_binary_takes_it_away()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("a.dll", PeFile.Make(managed: true, Json)).File("a.dll", "text"));
        Assert.That(layer.Packages, Is.Empty);
    }

    [Test]
    public void A_version_is_found_however_the_binary_is_cut_into_parts([Values(1, 7, 513, 4096, 300_000)] int part, [Values(0, 5, 70_000, 262_080, 400_000)] int gap)
    {
        var found = Scan(PeFile.Make(managed: true, PeFile.Version(Json), gap), part);
        Assert.That((found.Found?.Component.Version, found.IsUnreadable), Is.EqualTo(("13.0.3", false)));
    }

    [Test]
    public async Task A_cut_binary_is_a_problem_wherever_its_resources_are_cut()
    {
        var file = PeFile.Make(managed: true, Json);
        for (var length = PeFile.Section; length < file.Length; length++)
        {
            var layer = await Read.LayerAsync(new LayerArchive().File("a.dll", file[..length]));
            Assert.That(layer.Problems, Is.EqualTo([new InventoryProblem(0, "a.dll", "its version resource is damaged")]), $"cut at {length} of {file.Length}");
        }
    }

    [TestCase(PeFile.FirstEntry + 4, 0x80000000u, TestName = "A table that is its own type")]
    [TestCase(PeFile.FirstEntry + 4, 72u, TestName = "Data in the place of a table")]
    [TestCase(PeFile.FirstEntry + 4, 0xffffffffu, TestName = "A table behind the file")]
    [TestCase(PeFile.FirstEntry + 28, 0x80000000u, TestName = "A table in a circle")]
    [TestCase(PeFile.FirstEntry + 52, 0x7fffffffu, TestName = "Data behind the file")]
    [TestCase(PeFile.Section + 36, 0u, TestName = "A table without entries")]
    [TestCase(PeFile.DataEntry, 0u, TestName = "A version in no section")]
    [TestCase(PeFile.DataEntry, 0x2000u, TestName = "A version before the resources")]
    [TestCase(PeFile.DataEntry + 4, 0xffffffffu, TestName = "A version of gigabytes")]
    [TestCase(PeFile.DataEntry + 4, 3u, TestName = "A version of three bytes")]
    [TestCase(PeFile.Data, 0xffffu, TestName = "A part that is longer than the whole")]
    [TestCase(PeFile.Data + 6, 0x00410041u, TestName = "Another name")]
    public void Resources_that_are_not_true_are_a_problem(int offset, uint number)
    {
        var file = PeFile.Make(managed: true, Json);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), number);
        var scanner = Scan(file, file.Length);
        Assert.That((scanner.Found, scanner.IsUnreadable), Is.EqualTo(((VersionedBinary?)null, true)));
    }

    [Test]
    public async Task A_damaged_binary_is_read_or_a_problem_and_never_an_exception([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var file = PeFile.Make(managed: seed % 2 == 0, Json);
        for (var i = 0; i < 10; i++)
        {
            file[random.Next(random.Next(2) == 0 ? 0x3c : PeFile.Section, file.Length)] = (byte)random.Next(256);
        }

        Assert.That((await Read.LayerAsync(new LayerArchive().File("a.dll", file))).Problems.Select(p => p.Path), Is.All.EqualTo("a.dll"));
    }

    [Test]
    public void The_assemblies_of_this_test_are_what_they_say_of_themselves()
    {
        var seen = 0;
        foreach (var path in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
        {
            var said = FileVersionInfo.GetVersionInfo(path);
            var scanner = Scan(File.ReadAllBytes(path), 65536);
            Assert.That(scanner.IsUnreadable, Is.False, path);
            if (scanner.Found is { IsManaged: true } found)
            {
                seen++;
                Assert.That(found.Component.Name, Is.EqualTo(Path.GetFileNameWithoutExtension(said.InternalName)), path);
                Assert.That(new[] { said.ProductVersion, said.FileVersion }, Has.Some.StartsWith(found.Component.Version), path);
            }
        }

        Assert.That(seen, Is.GreaterThan(10));
    }

    private static PeVersionScanner Scan(byte[] file, int part)
    {
        var scanner = new PeVersionScanner();
        scanner.Begin(file.AsSpan(0, Math.Min(4096, file.Length)));
        for (var i = 0; i < file.Length; i += part)
        {
            scanner.Append(file.AsSpan(i, Math.Min(part, file.Length - i)));
        }

        scanner.Finish();
        return scanner;
    }
}

using System.IO.Compression;
using Portcullis.Clients.Registry;
using Portcullis.Commands;
using Portcullis.Testing.Images;

namespace Portcullis.Tests.Images;

/// <summary>A component of each ecosystem in an archive of an image, and an advisory of it.</summary>
internal sealed class ScanEcosystemTests
{
    private string _folder = "";

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("portcullis-ecosystems-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestCase("jar", "Maven", "org.springframework:spring-core", "5.3.20", "5.3.21")]
    [TestCase("jar in a jar in a jar", "Maven", "org.apache.logging.log4j:log4j-core", "2.15.0-rc1", "2.15.0")]
    [TestCase("gem", "RubyGems", "rack", "2.2.6.rc1", "2.2.6")]
    [TestCase("crate", "crates.io", "time", "0.1.40", "0.1.41")]
    [TestCase("rpm", "Rocky Linux:8", "hello", "2:1.0-3", "2:1.0-3.el8")]
    [TestCase("assembly", "NuGet", "Newtonsoft.Json", "12.0.3", "13.0.1")]
    public async Task A_component_is_found_vulnerable_below_the_fixed_version_and_not_from_it_on(string what, string ecosystem, string name, string version, string @fixed)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "saved.tar"), Saved(Layer(what, version)));
        await ImportAsync("old.db", ecosystem, name, @fixed);
        await ImportAsync("new.db", ecosystem, name, version);
        var (code, output) = await RunAsync("old.db");
        Assert.That((code, output), Is.EqualTo((1, output)));
        Assert.That(output, Does.Contain("1 critical, 0 major, 0 minor, 0 unknown").And.Contain("CVE-2026-7").And.Contain(name).And.Contain(@fixed));
        (code, output) = await RunAsync("new.db");
        Assert.That((code, output), Is.EqualTo((0, output)));
        Assert.That(output, Does.Contain(name).And.Contain(version).And.Not.Contain("CVE-2026-7"));
    }

    [Test]
    public async Task An_archive_too_deep_to_be_read_is_never_clean()
    {
        var jar = new JarFile().Properties("a", "a", "1").Bytes();
        jar = Enumerable.Range(0, 3).Aggregate(jar, (inner, i) => new JarFile().Add($"{i}.jar", inner).Bytes());
        await File.WriteAllBytesAsync(Path.Combine(_folder, "saved.tar"), Saved(new LayerArchive().File("a.jar", jar)));
        await ImportAsync("some.db", "Maven", "a:b", "2");
        var (code, output) = await RunAsync("some.db");
        Assert.That((code, output), Is.EqualTo((1, output)));
        Assert.That(output, Does.Contain("a.jar").And.Contain("2.jar!/1.jar!/0.jar"));
    }

    [Test]
    public async Task A_binary_that_no_database_can_know_is_shown_and_does_not_make_the_scan_incomplete()
    {
        var binary = PeFile.Make(managed: false, ("ProductName", "Widget"), ("ProductVersion", "3.2"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "saved.tar"), Saved(new LayerArchive().File("widget.exe", binary)));
        await ImportAsync("some.db", "Maven", "a:b", "2");
        var (code, output) = await RunAsync("some.db");
        Assert.That((code, output), Is.EqualTo((0, output)));
        Assert.That(output, Does.Contain("Widget").And.Contain("3.2").And.Not.Contain("no advisories"));
    }

    private static LayerArchive Layer(string what, string version) => what switch
    {
        "jar" => new LayerArchive().File($"app/spring-core-{version}.jar", new JarFile().Manifest($"Implementation-Version: {version}").Bytes()),
        "jar in a jar in a jar" => new LayerArchive().File("app/a.ear", new JarFile().Add("b.war", new JarFile()
            .Add("WEB-INF/lib/c.jar", new JarFile().Properties("org.apache.logging.log4j", "log4j-core", version).Bytes(asStream: true)).Bytes()).Bytes()),
        "gem" => new LayerArchive().File("usr/local/bundle/specifications/rack.gemspec", $"# stub: rack {version} ruby lib\n"),
        "crate" => new LayerArchive().File("bin/tool", [0x7f, .. "ELF"u8, .. new byte[300], .. Zlib($$"""{"packages":[{"name":"time","version":"{{version}}","source":"crates.io"}]}"""), .. new byte[50]], executable: true),
        "rpm" => new LayerArchive().File("etc/os-release", "ID=rocky\nVERSION_ID=8.9\n")
            .File("var/lib/rpm/Packages", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "rpm", "little-endian.db"))),
        _ => new LayerArchive().File("app/j.dll", PeFile.Make(managed: true, ("InternalName", "Newtonsoft.Json.dll"), ("ProductVersion", version + "+abc"))),
    };

    private static byte[] Zlib(string text)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionMode.Compress))
        {
            zlib.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private static byte[] Saved(LayerArchive layer)
    {
        var tar = layer.ToTar();
        var config = $$$"""{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["{{{ContentDigest.Of(tar)}}}"]}}""";
        return new LayerArchive().File("manifest.json", """[{"Config":"c.json","RepoTags":["admin/app:1.0"],"Layers":["l.tar"]}]""").File("c.json", config).File("l.tar", tar).ToTar();
    }

    private async Task ImportAsync(string database, string ecosystem, string name, string @fixed)
    {
        var file = Path.Combine(_folder, "advisory.json");
        await File.WriteAllTextAsync(file, $$$"""
            {"id":"X-{{{ecosystem[..3]}}}-1","modified":"2026-01-01T00:00:00Z","aliases":["CVE-2026-7"],"summary":"It is grave",
             "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
             "affected":[{"package":{"ecosystem":"{{{ecosystem}}}","name":"{{{name}}}"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"{{{@fixed}}}"}]}]}]}
            """);
        using var output = new StringWriter();
        Assert.That(await CommandLine.RunAsync(["scan", "db", "import", file, "--database", Path.Combine(_folder, database)], output, output, [ScanCommand.Create()]), Is.Zero, output.ToString());
    }

    private async Task<(int Code, string Output)> RunAsync(string database)
    {
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(
            ["scan", Path.Combine(_folder, "saved.tar"), "--fail-on", "minor", "--database", Path.Combine(_folder, database)], output, output, [ScanCommand.Create()]);
        return (code, output.ToString());
    }
}

using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>Each ecosystem's way to say a licence reaches the component.</summary>
internal sealed class LicenceTests
{
    [Test]
    public async Task A_Debian_package_has_that_of_its_copyright_file_also_where_its_documentation_is_a_link()
    {
        var layer = new LayerArchive().File("etc/os-release", "ID=debian\nVERSION_ID=12\n")
            .File("usr/share/doc/zlib1g/copyright", "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: Zlib\n\nFiles: debian/*\nCopyright: y\nLicense: Zlib\n")
            .SymbolicLink("usr/share/doc/zlib1g-dev", "zlib1g").File("usr/share/doc/other/README", "x")
            .File("var/lib/dpkg/status", "Package: zlib1g\nStatus: install ok installed\nVersion: 1\n\nPackage: zlib1g-dev\nStatus: install ok installed\nVersion: 1\n");
        Assert.That((await Read.ImageAsync(layer)).Components.Select(c => c.Component.License), Is.EqualTo(["Zlib", "Zlib"]));
    }

    [TestCase("lib/apk/db/installed", "P:musl\nV:1\nL:MIT\n\n", "MIT")]
    [TestCase("x.dist-info/METADATA", "Name: x\nVersion: 1\nLicense-Expression: MIT OR Apache-2.0\n", "MIT OR Apache-2.0")]
    [TestCase("x.dist-info/METADATA", "Name: x\nVersion: 1\nClassifier: License :: OSI Approved :: MIT License\n", "MIT")]
    [TestCase("node_modules/x/package.json", """{"name":"x","version":"1","license":"ISC"}""", "ISC")]
    [TestCase("node_modules/x/package.json", """{"name":"x","version":"1","licenses":[{"type":"MIT"},{"type":"Apache-2.0"}]}""", "MIT OR Apache-2.0")]
    [TestCase("node_modules/x/package.json", """{"name":"x","version":"1","license":"UNLICENSED"}""", null)]
    public async Task Packages_of_other_ecosystems_say_it_themselves(string path, string text, string? license)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(path, text));
        Assert.That(layer.Packages.Single().Components.Single().License, Is.EqualTo(license).Or.EqualTo(license is null ? null : string.Join(" OR ", license.Split(" OR ").Reverse())));
    }
}

using Portcullis.Core.Components;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class DpkgTests
{
    [Test]
    public async Task A_package_has_its_source_and_the_sources_version()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("var/lib/dpkg/status", """
            Package: libc6
            Status: install ok installed
            Source: glibc
            Version: 2.36-9+deb12u4
            Architecture: amd64
            Conffiles:
             /etc/ld.so.conf.d/x86_64-linux-gnu.conf d4e7a7b88a71b5ffd9e2644e71a0cfab
            Description: GNU C Library
             Package: not one
             .
             more

            Package: bash
            Status: install ok installed
            Source: bash (5.2.15-2)
            Version: 5.2.15-2+b2
            Architecture: amd64
            """));
        Assert.That(layer.Packages.Single().Components, Is.EqualTo([
            new Component { Format = PackageFormat.Deb, Name = "libc6", Version = "2.36-9+deb12u4", SourceName = "glibc", Architecture = "amd64" },
            new Component { Format = PackageFormat.Deb, Name = "bash", Version = "5.2.15-2+b2", SourceVersion = "5.2.15-2", Architecture = "amd64" }]));
    }

    [Test]
    public async Task Packages_that_are_not_there_are_left_out_and_half_installed_ones_are_not()
    {
        string[] states = ["install ok installed", "deinstall ok config-files", "purge ok not-installed", "install reinstreq half-installed", "install ok triggers-pending"];
        var status = string.Concat(states.Select((s, i) => $"Package: p{i}\nStatus: {s}\nVersion: 1\n\n"));
        Assert.That(Read.Names(await Read.LayerAsync(new LayerArchive().File("var/lib/dpkg/status", status))), Is.EqualTo(["p0 1", "p3 1", "p4 1"]));
    }

    [Test]
    public async Task Images_without_dpkg_have_a_file_a_package()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2024a-0\n")
            .File("var/lib/dpkg/status.d/tzdata.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/lib/libtz.so\n").File("usr/lib/libtz.so", [0x7f, .. "ELF"u8]));
        Assert.That(Read.Names(layer), Is.EqualTo(["tzdata 2024a-0"]));
        Assert.That(layer.Contents.Single().Owner?.Name, Is.EqualTo("tzdata"));
    }

    [Test]
    public async Task The_files_of_packages_are_known_by_their_lists_also_where_usr_was_merged()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("usr/lib/x86_64-linux-gnu/libz.so.1", [0x7f, .. "ELF"u8]).File("opt/libz.so", [0x7f, .. "ELF"u8])
            .File("var/lib/dpkg/info/zlib1g:amd64.list", "/.\n/lib\n/lib/x86_64-linux-gnu/libz.so.1\n")
            .File("var/lib/dpkg/status", "Package: zlib1g\nStatus: install ok installed\nVersion: 1.3\nArchitecture: amd64\n"));
        Assert.That(layer.Contents.Select(c => (c.Path, c.Owner?.Name)), Is.EqualTo([("opt/libz.so", null), ("usr/lib/x86_64-linux-gnu/libz.so.1", "zlib1g")]));
    }

    [Test]
    public async Task What_is_no_database_is_a_problem_and_an_empty_one_is_none()
    {
        Assert.That((await Read.LayerAsync(new LayerArchive().File("var/lib/dpkg/status", "garbage\n"))).Problems.Single().Path, Is.EqualTo("var/lib/dpkg/status"));
        Assert.That((await Read.LayerAsync(new LayerArchive().File("var/lib/dpkg/status", ""))).Problems, Is.Empty);
        var nameless = await Read.LayerAsync(new LayerArchive().File("var/lib/dpkg/status", "Version: 1\n\nPackage: a\nVersion: 2\n"));
        Assert.That(nameless.Problems, Has.Count.EqualTo(1));
        Assert.That(Read.Names(nameless), Is.EqualTo(["a 2"]));
    }

    [Test]
    public async Task The_distribution_is_that_of_etc_before_that_of_usr()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("usr/lib/os-release", "ID=other\n")
            .File("etc/os-release", "PRETTY_NAME=\"Ubuntu 22.04 \\\"x\\\"\"\nID=ubuntu\nID_LIKE='debian foo'\nVERSION_ID=\"22.04\"\n# no\n"));
        Assert.That(layer.Distribution!.Id, Is.EqualTo("ubuntu"));
        Assert.That(layer.Distribution.Version, Is.EqualTo("22.04"));
        Assert.That(layer.Distribution.Like, Is.EqualTo(["debian", "foo"]));
        Assert.That(layer.Distribution.Title, Is.EqualTo("Ubuntu 22.04 \"x\""));
    }
}

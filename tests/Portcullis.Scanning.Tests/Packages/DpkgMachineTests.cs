using System.Diagnostics;
using Portcullis.Core.Components;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>The packages of this machine, where it has dpkg, as dpkg-query itself tells them.</summary>
internal sealed class DpkgMachineTests
{
    private const string Status = "/var/lib/dpkg/status";

    [Test]
    public async Task The_database_of_this_machine_has_the_packages_sources_and_versions_that_dpkg_query_says()
    {
        if (!File.Exists(Status))
        {
            Assert.Ignore("not run: this machine has no dpkg");
        }

        using var query = Process.Start(new ProcessStartInfo("dpkg-query",
            ["-W", "-f", "${db:Status-Status}|${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\n"]) { RedirectStandardOutput = true })!;
        var said = (await query.StandardOutput.ReadToEndAsync()).Split('\n').Where(l => l.Length > 0 && !l.StartsWith("config-files", StringComparison.Ordinal) && !l.StartsWith("not-installed", StringComparison.Ordinal));
        var layer = await Read.LayerAsync(new LayerArchive().File("var/lib/dpkg/status", await File.ReadAllBytesAsync(Status)).ToGzip());
        Assert.That(
            layer.Packages.Single().Components.Select(c => $"{c.Name} {c.Version} {c.Architecture} {c.SourceName ?? c.Name} {c.SourceVersion ?? c.Version}"),
            Is.EquivalentTo(said.Select(l => l[(l.IndexOf('|', StringComparison.Ordinal) + 1)..])));
    }

    [Test]
    public async Task A_program_of_this_machine_has_its_package_and_a_copy_of_it_is_found_by_its_content()
    {
        const string Program = "/usr/bin/dpkg";
        if (!File.Exists(Program) || !File.Exists("/var/lib/dpkg/info/dpkg.list"))
        {
            Assert.Ignore("not run: this machine has no dpkg");
        }

        var content = await File.ReadAllBytesAsync(Program);
        var debian = new LayerArchive().File("etc/os-release", await File.ReadAllBytesAsync("/etc/os-release")).File(Program[1..], content, executable: true)
            .File("var/lib/dpkg/info/dpkg.list", await File.ReadAllBytesAsync("/var/lib/dpkg/info/dpkg.list"))
            .File("usr/share/doc/dpkg/copyright", await File.ReadAllBytesAsync("/usr/share/doc/dpkg/copyright"))
            .File("var/lib/dpkg/status", await File.ReadAllBytesAsync(Status));
        var inventory = await Read.LayerAsync(debian);
        var known = ImageMerge.Learn([inventory]).Single();
        Assert.That((known.Component.Name, known.Distribution?.Id), Is.EqualTo(("dpkg", inventory.Distribution!.Id)));
        Assert.That(ImageMerge.Of([inventory], NoContents.Instance).Components.Single(c => c.Component.Name == "dpkg").Component.License, Does.Contain("GPL-2.0-or-later"));

        var copy = await Read.LayerAsync(new LayerArchive().File("opt/tool", content, executable: true));
        var found = ImageMerge.Of([copy], new Known(known)).Components.Single();
        Assert.That((found.Component.Name, found.Origin, found.Paths[0], found.Distribution?.Id), Is.EqualTo(("dpkg", ComponentOrigin.Content, "opt/tool", known.Distribution!.Id)));
    }

    private sealed class Known(KnownContent content) : IContentIndex
    {
        public IReadOnlyList<KnownContent> Of(string sha256) => sha256 == content.Sha256 ? [content] : [];
    }
}

using Portcullis.Core.Components;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class ApkTests
{
    private const string Installed = """
        C:Q1NN3nl0AoJoxk9UmSbjWD1kHZqQ8=
        P:libcrypto3
        V:3.1.4-r5
        A:x86_64
        S:1711044
        L:Apache-2.0
        o:openssl
        t:1708355634
        F:lib
        R:libcrypto.so.3
        a:0:0:755
        Z:Q1dxxSvvAwRyDLyuoeS7/QlSXMOeM=

        P:musl
        V:1.2.4-r2
        A:x86_64
        o:musl
        F:
        R:top


        """;

    [Test]
    public async Task Packages_have_their_origin_and_their_files([Values("lib/apk/db/installed", "usr/lib/apk/db/installed")] string path)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(path, Installed).File("lib/libcrypto.so.3", [0x7f, .. "ELF"u8]).File("top", [0x7f, .. "ELF"u8]));
        Assert.That(layer.Packages.Single().Components.Select(c => (c.Format, c.Name, c.Version, c.SourceName, c.Architecture)),
            Is.EqualTo([(PackageFormat.Apk, "libcrypto3", "3.1.4-r5", "openssl", "x86_64"), (PackageFormat.Apk, "musl", "1.2.4-r2", null, "x86_64")]));
        Assert.That(layer.Contents.Select(c => c.Owner?.Name), Is.EqualTo(["libcrypto3", "musl"]));
    }

    [Test]
    public async Task What_is_no_database_or_names_no_version_is_a_problem([Values("P:a\nnonsense\n", "P:a\n\n", "V:1\n")] string text)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("lib/apk/db/installed", text));
        Assert.That(layer.Problems.Single().Path, Is.EqualTo("lib/apk/db/installed"));
    }
}

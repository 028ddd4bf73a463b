using Portcullis.Core.Components;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class PythonTests
{
    private const string Site = "usr/local/lib/python3.12/site-packages/";

    [Test]
    public async Task A_distribution_is_named_as_PEP_503_compares_it(
        [Values("Flask_SQLAlchemy-3.1.1.dist-info/METADATA", "x.egg-info/PKG-INFO", "x.egg/EGG-INFO/PKG-INFO", "x-1.egg-info")] string path)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(Site + path, "Metadata-Version: 2.1\nName: Flask.-_SQLAlchemy\nVersion: 3.1.1\n\nName: not this\n"));
        Assert.That(layer.Packages.Single().Components, Is.EqualTo([new Component { Format = PackageFormat.Python, Name = "flask-sqlalchemy", Version = "3.1.1" }]));
    }

    [Test]
    public async Task What_the_metadata_does_not_say_its_folder_says_and_else_it_is_a_problem()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(Site + "requests-2.31.0.dist-info/METADATA", "").File("EGG-INFO/PKG-INFO", "Summary: x\n"));
        Assert.That(Read.Names(layer), Is.EqualTo(["requests 2.31.0"]));
        Assert.That(layer.Problems.Single().Path, Is.EqualTo("EGG-INFO/PKG-INFO"));
    }

    [Test]
    public async Task A_distribution_has_the_libraries_that_its_record_lists()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(Site + "numpy-2.0.dist-info/METADATA", "Name: numpy\nVersion: 2.0\n")
            .File(Site + "numpy-2.0.dist-info/RECORD", "numpy/core.so,sha256=x,3\n../../../bin/f2py,sha256=x,3\n").File(Site + "numpy/core.so", [0x7f, .. "ELF"u8]));
        Assert.That(layer.Contents.Single().Owner?.Name, Is.EqualTo("numpy"));
    }

    [Test]
    public async Task A_distribution_that_a_package_of_the_system_brought_is_part_of_it()
    {
        const string Path = "usr/lib/python3/dist-packages/requests-2.28.1.dist-info/METADATA";
        var layer = new LayerArchive().File(Path, "Name: requests\nVersion: 2.28.1\n").File("var/lib/dpkg/info/python3-requests.list", $"/{Path}\n")
            .File("var/lib/dpkg/status", "Package: python3-requests\nStatus: install ok installed\nVersion: 2.28.1+dfsg-1\nArchitecture: all\n");
        var image = await Read.ImageAsync(layer, new LayerArchive().File("opt/requests-2.0.dist-info/METADATA", "Name: requests\nVersion: 2.0\n"));
        Assert.That(image.Components.Where(c => c.Component.Format == PackageFormat.Python).Select(c => (c.Component.Version, c.PartOf?.Name)),
            Is.EqualTo([("2.28.1", "python3-requests"), ("2.0", null)]));
    }
}

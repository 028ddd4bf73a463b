using Portcullis.Core.Components;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class NuGetTests
{
    private const string Manifest = "root/.nuget/packages/newtonsoft.json/13.0.1-beta/newtonsoft.json.nuspec";

    [Test]
    public async Task A_program_has_the_packages_of_its_deps_json_and_their_assemblies()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("app/app.deps.json", """
            {"runtimeTarget":{"name":".NETCoreApp,Version=v8.0"},"targets":{".NETCoreApp,Version=v8.0":{
              "app/1.0.0":{"dependencies":{"Newtonsoft.Json":"13.0.1"},"runtime":{"app.dll":{}}},
              "Newtonsoft.Json/13.0.1":{"runtime":{"lib/netstandard2.0/Newtonsoft.Json.dll":{"assemblyVersion":"13.0.0.0"}}}}},
             "libraries":{"app/1.0.0":{"type":"project","serviceable":false},"Newtonsoft.Json/13.0.1":{"type":"package","sha512":"x"},
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1":{"type":"runtimepack"}}}
            """).File("app/Newtonsoft.Json.dll", "MZ").File("app/app.dll", "MZ"));
        Assert.That(Read.Names(layer), Is.EqualTo(["Newtonsoft.Json 13.0.1", "Microsoft.NETCore.App.Runtime.linux-x64 8.0.1"]));
        Assert.That(layer.Contents.Select(c => (c.Path, c.Owner?.Name)), Is.EqualTo([("app/Newtonsoft.Json.dll", "Newtonsoft.Json"), ("app/app.dll", null)]));
    }

    [Test]
    public async Task A_library_that_does_not_say_its_type_may_be_a_package()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("app/x.deps.json", """{"libraries":{"A/1.0.0":{},"B/2.0.0":{"type":7},"C/3.0.0":{"type":"project"}}}"""));
        Assert.That(Read.Names(layer), Is.EqualTo(["A 1.0.0", "B 2.0.0"]));
    }

    /// <summary>As they are in ~/.nuget/packages of an image that restored packages, shortened.</summary>
    [TestCase("""<license type="expression">MIT</license><licenseUrl>https://licenses.nuget.org/MIT</licenseUrl>""", "MIT", TestName = "The licence of a package in a folder of packages is an expression")]
    [TestCase("""<license type="file">LICENSE.md</license><licenseUrl>https://aka.ms/deprecateLicenseUrl</licenseUrl>""", null, TestName = "The licence of a package in a folder of packages is a file")]
    [TestCase("""<licenseUrl>http://www.apache.org/licenses/LICENSE-2.0</licenseUrl>""", "Apache-2.0", TestName = "The licence of a package in a folder of packages is an address")]
    [TestCase("", null, TestName = "The licence of a package in a folder of packages is not said")]
    public async Task The_licence_of_a_package_in_a_folder_of_packages(string said, string? license)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(Manifest, "\ufeff" + $"""
            <?xml version="1.0" encoding="utf-8"?>
            <!-- packed by hand -->
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata minClientVersion="2.12">
                <id>Newtonsoft.Json</id>
                <version>13.0.1-Beta</version>
                <authors>James Newton-King</authors>
                {said}
                <description>Json.NET is a popular high-performance JSON framework for .NET &amp; more</description>
                <repository type="git" url="https://github.com/JamesNK/Newtonsoft.Json" commit="ae9fe44e1323e91bcbd185ca1a14099fba7c021f" />
                <dependencies>
                  <group targetFramework=".NETStandard2.0"><dependency id="Other" version="1.0.0" /></group>
                </dependencies>
              </metadata>
            </package>
            """));
        var component = layer.Packages.Single().Components.Single();
        Assert.That((component.Format, component.Name, component.Version, component.License), Is.EqualTo((PackageFormat.NuGet, "Newtonsoft.Json", "13.0.1-Beta", license)));
    }

    [Test]
    public async Task A_program_has_the_licence_that_the_folder_of_packages_states()
    {
        var layer = await Read.LayerAsync(new LayerArchive()
            .File("app/app.deps.json", """{"libraries":{"Newtonsoft.Json/13.0.1-Beta":{"type":"package"}}}""")
            .File(Manifest, """<package><metadata><id>Newtonsoft.Json</id><version>13.0.1-Beta</version><license type="expression">MIT</license></metadata></package>"""));
        var image = ImageMerge.Of([layer], NoContents.Instance);
        Assert.That(image.Components.Select(c => (c.Component.Version, c.Component.License, c.Paths.Count)), Is.EqualTo([("13.0.1-Beta", "MIT", 2)]));
    }

    [Test]
    public async Task The_version_of_a_package_is_the_normalised_one_of_its_folder()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("p/a/1.0.0/a.nuspec", "<package><metadata><id>A</id><version>1.0</version></metadata></package>"));
        Assert.That(Read.Names(layer), Is.EqualTo(["A 1.0.0"]));
    }

    [TestCase("src/a.nuspec")]
    [TestCase("a.nuspec")]
    [TestCase("1.0.0/a.nuspec")]
    [TestCase("src/b/1.0.0/a.nuspec")]
    [TestCase(".nuspec")]
    public async Task What_a_package_is_to_be_made_of_is_no_package(string path)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(path, "<package><metadata><id>$id$</id><version>$version$</version></metadata></package>"));
        Assert.That((layer.Packages.Count, layer.Problems.Count), Is.EqualTo((0, 0)));
    }

    [TestCase("", "it is no manifest of NuGet")]
    [TestCase("<package><metadata><id>A</id>", "it is no manifest of NuGet")]
    [TestCase("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><package><metadata><id>&b;</id></metadata></package>", "it is no manifest of NuGet")]
    [TestCase("<?xml version=\"1.0\" encoding=\"utf-7\"?><package><metadata><id>A</id></metadata></package>", "it is no manifest of NuGet")]
    [TestCase("<html><metadata><id>A</id></metadata></html>", "it is no manifest of NuGet")]
    [TestCase("<package><metadata><id></id></metadata></package>", "it names no package")]
    [TestCase("<package><metadata /></package>", "it names no package")]
    public async Task A_manifest_that_names_no_package_is_a_problem(string content, string problem)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(Manifest, content));
        Assert.That(layer.Problems.Single().Path, Is.EqualTo(Manifest));
        Assert.That(layer.Problems.Single().Message, Does.Contain(problem));
    }

    [Test]
    public async Task This_tests_own_deps_json_names_NUnit()
    {
        var file = Directory.GetFiles(AppContext.BaseDirectory, "Portcullis.Scanning.Tests.deps.json").Single();
        var layer = await Read.LayerAsync(new LayerArchive().File("t/x.deps.json", await File.ReadAllBytesAsync(file)));
        Assert.That(layer.Packages.Single().Components.Select(c => c.Name), Does.Contain("NUnit"));
        Assert.That(layer.Packages.Single().Components.Select(c => c.Format), Is.All.EqualTo(PackageFormat.NuGet));
    }
}

using Portcullis.Core.Components;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class NuGetTests
{
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

    [Test]
    public async Task This_tests_own_deps_json_names_NUnit()
    {
        var file = Directory.GetFiles(AppContext.BaseDirectory, "Portcullis.Scanning.Tests.deps.json").Single();
        var layer = await Read.LayerAsync(new LayerArchive().File("t/x.deps.json", await File.ReadAllBytesAsync(file)));
        Assert.That(layer.Packages.Single().Components.Select(c => c.Name), Does.Contain("NUnit"));
        Assert.That(layer.Packages.Single().Components.Select(c => c.Format), Is.All.EqualTo(PackageFormat.NuGet));
    }
}

using Portcullis.Core.Components;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>What archives of Java name.</summary>
internal sealed class JarTests
{
    private static readonly byte[] Class = [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52, .. new byte[500]];

    [Test]
    public async Task An_archive_that_Maven_built_has_its_coordinates_and_its_licence([Values] bool asStream)
    {
        var jar = new JarFile().Manifest("Bundle-License: https://www.eclipse.org/legal/epl-2.0/").Add("org/a/A.class", Class).Properties("org.a", "a-lib", "1.2.3")
            .Model("org.a", "a-lib", "<licenses><license><name>Apache License, Version 2.0</name><url>https://www.apache.org/licenses/LICENSE-2.0.txt</url></license></licenses>");
        var layer = await LayerAsync("opt/app/a-lib.jar", jar.Bytes(asStream));
        Assert.That(layer.Problems, Is.Empty);
        Assert.That(layer.Packages.Single().Components, Is.EqualTo([new Component { Format = PackageFormat.Maven, Name = "org.a:a-lib", Version = "1.2.3", License = "Apache-2.0" }]));
        Assert.That(layer.Contents.Single().Path, Is.EqualTo("opt/app/a-lib.jar"));
    }

    [Test]
    public async Task What_was_copied_into_an_archive_with_its_coordinates_is_in_it_too([Values] bool asStream)
    {
        var jar = new JarFile().Manifest("Implementation-Version: 9").Properties("org.a", "a", "9").Properties("org.b", "b", "2").Properties("org.c", "c", "3.0-rc1").Add("org/a/A.class", Class);
        Assert.That(await NamesAsync("app/a-9-all.jar", jar.Bytes(asStream)), Is.EqualTo(["org.a:a 9", "org.b:b 2", "org.c:c 3.0-rc1"]));
    }

    // Names and manifests of what is published without META-INF/maven.
    [TestCase("spring-core-5.3.20.jar", "Implementation-Title: spring-core|Implementation-Version: 5.3.20", "org.springframework:spring-core 5.3.20")]
    [TestCase("spring3-core-3.x.jar", "Implementation-Title: spring-core|Implementation-Version: 4.3.30.RELEASE", "org.springframework:spring-core 4.3.30.RELEASE")]
    [TestCase("spring-boot-3.1.0.jar", "", "org.springframework.boot:spring-boot 3.1.0")]
    [TestCase("spring-security-web-6.1.0.jar", "", "org.springframework.security:spring-security-web 6.1.0")]
    [TestCase("tomcat-embed-core-9.0.70.jar", "Bundle-SymbolicName: org.apache.tomcat-embed-core", "org.apache.tomcat.embed:tomcat-embed-core 9.0.70")]
    [TestCase("hibernate-core-5.6.1.Final.jar", "", "org.hibernate:hibernate-core 5.6.1.Final")]
    [TestCase("hibernate-core-6.2.0.Final.jar", "", "org.hibernate.orm:hibernate-core 6.2.0.Final")]
    [TestCase("okhttp-4.9.3.jar", "", "com.squareup.okhttp3:okhttp 4.9.3")]
    [TestCase("foo-bar-1.0.jar", "Bundle-SymbolicName: com.example.foo-bar;singleton:=true", "com.example:foo-bar 1.0")]
    [TestCase("foo-bar.jar", "Bundle-SymbolicName: com.example.foo.bar|Bundle-Version: 2.1.0", "com.example.foo:foo-bar 2.1.0")]
    [TestCase("mockito-core.jar", "Bundle-SymbolicName: org.mockito|Bundle-Version: 2.1.0", "org.mockito:mockito-core 2.1.0")]
    [TestCase("catalina.jar", "Implementation-Title: Apache Tomcat|Implementation-Version: 9.0.70", "org.apache.tomcat:tomcat-catalina 9.0.70")]
    [TestCase("tomcat9-jasper-9.0.70.jar", "Implementation-Title: Apache Tomcat", "org.apache.tomcat:tomcat-jasper 9.0.70")]
    [TestCase("tomcat-coyote.jar", "Implementation-Title: Apache Tomcat|Implementation-Version: 9.0.70", "org.apache.tomcat:tomcat-coyote 9.0.70")]
    [TestCase("foo-1.0.jar", "Implementation-Vendor-Id: com.example", "com.example:foo 1.0")]
    [TestCase("foo-1.0.jar", "Implementation-Vendor-Id: Example Corp", "foo 1.0")]
    [TestCase("foo-2.0-1.0.jar", "Implementation-Version: 1.0", "foo-2.0 1.0")]
    [TestCase("foo.jar", "Implementation-Version: 1.0", "foo 1.0")]
    [TestCase("foo.jar", "", null)]
    [TestCase("$$.jar", "Implementation-Version: 1.0", null)]
    public async Task An_archive_that_Maven_did_not_build_is_known_by_its_name_and_its_manifest(string file, string manifest, string? component) =>
        Assert.That(await NamesAsync("lib/" + file, new JarFile().Manifest(manifest.Split('|')).Add("A.class", Class).Bytes()), Is.EqualTo(component is null ? Array.Empty<string>() : [component]));

    [Test]
    public async Task A_field_of_a_manifest_goes_on_in_the_next_line_and_sections_of_files_are_not_the_archives()
    {
        var jar = new JarFile().Manifest("Bundle-SymbolicName: com.exam", " ple.fo", " o", "Bundle-Version: 1.", " 5", "", "Name: x", "Implementation-Version: 7").Bytes();
        Assert.That(await NamesAsync("foo.jar", jar), Is.EqualTo(["com.example:foo 1.5"]));
    }

    // The folder says group and artifact; a version that only the build had is not known.
    [TestCase("version=1\n", "", "org.a:x 1")]
    [TestCase("version=${revision}\n", "", "org.a:x ")]
    [TestCase("", "<version>1</version>", "org.a:x 1")]
    [TestCase("", "<parent><groupId>org.p</groupId><version>3</version></parent><artifactId>y</artifactId>", "org.p:y 3")]
    [TestCase("", "<dependency><groupId>org.z</groupId></dependency><version>${revision}</version>", "org.a:x ")]
    [TestCase("version=2\n", "<version>1</version>", "org.a:x 2")]
    [TestCase("", "<broken>", "org.a:x ")]
    public async Task Coordinates_are_those_of_the_properties_then_of_the_model_then_of_the_folder(string properties, string model, string component)
    {
        var jar = new JarFile().Properties("org.b", "b", "1").Model("org.a", "x", model);
        jar = properties.Length == 0 ? jar : jar.Add("META-INF/maven/org.a/x/pom.properties", properties);
        Assert.That(await NamesAsync("some.jar", jar.Bytes()), Is.EqualTo(["org.b:b 1", component]));
    }

    [Test]
    public async Task A_document_type_of_a_model_is_not_expanded()
    {
        var model = "<!DOCTYPE p [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]><project><version>&b;</version></project>";
        Assert.That(await NamesAsync("x.jar", new JarFile().Add("META-INF/maven/org.a/x/pom.xml", model).Bytes()), Is.EqualTo(["org.a:x "]));
    }

    [Test]
    public async Task Archives_in_archives_are_read_three_deep([Values] bool asStream, [Values] bool stored)
    {
        var inner = new JarFile().Properties("org.c", "c", "3").Add("C.class", Class).Bytes(asStream);
        var war = new JarFile().Properties("org.b", "b", "2").Add("WEB-INF/lib/c-3.jar", inner, stored).Add("WEB-INF/lib/d-4.jar", new JarFile().Properties("org.d", "d", "4").Bytes(asStream), stored).Bytes(asStream);
        var layer = await LayerAsync("srv/a.ear", new JarFile().Add("b.war", war, stored).Properties("org.a", "a", "1").Bytes(asStream));
        Assert.That((Read.Names(layer), layer.Problems.Count), Is.EqualTo((new[] { "org.c:c 3", "org.d:d 4", "org.b:b 2", "org.a:a 1" }, 0)).UsingPropertiesComparer());
        Assert.That(layer.Packages.Single().Path, Is.EqualTo("srv/a.ear"), "what a file names goes when the file does");
    }

    [Test]
    public async Task An_archive_four_deep_is_a_problem_that_names_it([Values] bool stored)
    {
        var jar = new JarFile().Properties("org.d", "d", "4").Bytes();
        foreach (var name in new[] { "d.jar", "c.jar", "b.jar" })
        {
            jar = new JarFile().Properties("org.x", name[..1] + "-in", "1").Add("lib/" + name, jar, stored).Bytes();
        }

        var layer = await LayerAsync("a.jar", jar);
        Assert.That(Read.Names(layer), Is.EquivalentTo(["org.x:d-in 1", "org.x:c-in 1", "org.x:b-in 1"]));
        Assert.That(layer.Problems, Is.EqualTo([new InventoryProblem(0, "a.jar", "lib/b.jar!/lib/c.jar!/lib/d.jar in it: it is an archive more than 3 deep, and was not read")]));
    }

    [Test]
    public async Task A_script_before_an_archive_is_passed_over([Values] bool asStream)
    {
        var jar = new JarFile().Properties("org.a", "a", "1").Bytes(asStream);
        Assert.That(await NamesAsync("app.jar", [.. "#!/bin/bash\nexec java -jar $0\nexit 0 PK\n"u8, .. jar]), Is.EqualTo(["org.a:a 1"]));
    }

    [TestCase("text")]
    [TestCase("")]
    public async Task What_only_has_the_name_of_an_archive_is_none(string text)
    {
        var layer = await LayerAsync("a.jar", new JarFile().Properties("org.a", "a", "1").Add("lib/x.jar", text).Bytes());
        Assert.That((layer.Problems.Count, Read.Names(layer).Count), Is.EqualTo((0, 1)));
        Assert.That((await Read.LayerAsync(new LayerArchive().File("x.jar", text))).Problems, Is.Empty);
        Assert.That((await LayerAsync("empty.jar", new JarFile().Bytes())).Problems, Is.Empty);
    }

    [Test]
    public async Task An_archive_of_a_package_of_the_distribution_is_part_of_it()
    {
        var image = await Read.ImageAsync(new LayerArchive().File("etc/os-release", "ID=debian\nVERSION_ID=12\n")
            .File("var/lib/dpkg/info/liba-java.list", "/usr/share/java/a.jar\n").File("var/lib/dpkg/status", "Package: liba-java\nStatus: install ok installed\nArchitecture: all\nVersion: 1-1\n")
            .File("usr/share/java/a.jar", new JarFile().Properties("org.a", "a", "1").Bytes()).File("opt/b.jar", new JarFile().Properties("org.b", "b", "1").Bytes()));
        Assert.That(image.Components.Where(c => c.Component.Format == PackageFormat.Maven).Select(c => (c.Component.Name, c.PartOf?.Name)), Is.EqualTo([("org.a:a", "liba-java"), ("org.b:b", null)]));
    }

    private static Task<LayerInventory> LayerAsync(string path, byte[] jar) => Read.LayerAsync(new LayerArchive().File(path, jar));

    private static async Task<IReadOnlyList<string>> NamesAsync(string path, byte[] jar)
    {
        var layer = await LayerAsync(path, jar);
        Assert.That(layer.Problems, Is.Empty);
        return Read.Names(layer);
    }
}

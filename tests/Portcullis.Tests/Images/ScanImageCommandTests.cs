using System.Text.Json.Nodes;
using Portcullis.Clients.Registry;
using Portcullis.Commands;
using Portcullis.Testing.Images;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Images;

internal sealed class ScanImageCommandTests
{
    private const string Advisory = """
        {"id":"GHSA-test","modified":"2026-01-01T00:00:00Z","aliases":["CVE-2026-1"],"summary":"It is grave",
         "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
         "affected":[{"package":{"ecosystem":"npm","name":"lodash"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"4.17.21"}]}]}]}
        """;

    private string _folder = "";

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("portcullis-scan-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task An_image_of_a_registry_is_read_and_a_vulnerability_of_the_severity_is_exit_code_1()
    {
        await using var registry = await RegistryAsync();
        await ImportAsync();
        await Image("4.17.20").PushAsync(Client(registry), "admin/app", "1.0");
        await Image("4.17.21").PushAsync(Client(registry), "admin/app", "1.1");
        var name = $"{registry.Address.Authority}/admin/app";
        var (code, output, _) = await RunAsync(name + ":1.0", "--plain-http", "--fail-on", "critical");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("1 critical, 0 major, 0 minor, 0 unknown").And.Contain("CVE-2026-1").And.Contain("4.17.21"));
        Assert.That((await RunAsync(name + ":1.1", "--plain-http", "--fail-on", "minor")).Code, Is.Zero);
        Assert.That((await RunAsync(name + ":2.0", "--plain-http")).Code, Is.EqualTo(2));
    }

    [Test]
    public async Task Of_an_index_the_image_of_the_platform_is_read_or_all()
    {
        await using var registry = await RegistryAsync();
        await ImageBuilder.Index(Image("4.17.20"), Image("4.17.21", "arm64")).PushAsync(Client(registry), "admin/app", "1.0");
        var name = $"{registry.Address.Authority}/admin/app:1.0";
        Assert.That(JsonNode.Parse((await RunAsync(name, "--plain-http", "-o", "json")).Output)!["platform"]!.GetValue<string>(), Is.EqualTo("linux/amd64"));
        Assert.That(JsonNode.Parse((await RunAsync(name, "--plain-http", "-o", "json", "--all-platforms")).Output)!.AsArray(), Has.Count.EqualTo(2));
        Assert.That((await RunAsync(name, "--plain-http", "--platform", "linux/s390x")).Error, Does.Contain("linux/amd64, linux/arm64"));
        Assert.That((await RunAsync(name, "--plain-http", "-o", "spdx", "--all-platforms")).Code, Is.EqualTo(2));
    }

    [Test]
    public async Task Without_a_database_components_are_shown_and_it_says_that_nothing_is_known()
    {
        LayoutFolder.Write(Path.Combine(_folder, "layout"), ("1.0", Image("4.17.20")));
        var (code, output, _) = await RunAsync(Path.Combine(_folder, "layout") + ":1.0");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("lodash").And.Contain("MIT").And.Contain("not known, since there is no database"));
        Assert.That((await RunAsync(Path.Combine(_folder, "layout"), "--fail-on", "minor")).Code, Is.EqualTo(2));
    }

    [Test]
    public async Task An_image_of_an_archive_is_named_as_docker_saves_it_or_by_its_tag_alone()
    {
        var layer = new LayerArchive().File("node_modules/lodash/package.json", """{"name":"lodash","version":"4.17.20"}""").ToTar();
        var config = $$$"""{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["{{{ContentDigest.Of(layer)}}}"]}}""";
        await File.WriteAllBytesAsync(Path.Combine(_folder, "saved.tar"), new LayerArchive()
            .File("manifest.json", """[{"Config":"c.json","RepoTags":["admin/app:1.0"],"Layers":["l.tar"]}]""").File("c.json", config).File("l.tar", layer).ToTar());
        foreach (var name in new[] { "saved.tar", "saved.tar:1.0", "saved.tar:admin/app:1.0" })
        {
            var (code, output, error) = await RunAsync(Path.Combine(_folder, name));
            Assert.That((code, error, output.Contains("lodash", StringComparison.Ordinal)), Is.EqualTo((0, "", true)), name);
        }

        Assert.That((await RunAsync(Path.Combine(_folder, "saved.tar:admin/app:2.0"))).Error, Does.Contain("no image that is tagged admin/app:2.0"));
    }

    [Test]
    public async Task An_image_that_could_not_be_read_whole_fails_whatever_was_found()
    {
        await ImportAsync();
        LayoutFolder.Write(Path.Combine(_folder, "layout"), ("1.0", Image("4.17.21", layer: new LayerArchive().File("node_modules/x/package.json", "{"))));
        var (code, output, _) = await RunAsync(Path.Combine(_folder, "layout"), "--fail-on", "critical");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("node_modules/x/package.json"));
    }

    [Test]
    public async Task What_no_registry_answers_is_exit_code_3_and_what_is_no_image_2()
    {
        Assert.That((await RunAsync("127.0.0.1:1/admin/app:1.0", "--plain-http")).Code, Is.EqualTo(3));
        Assert.That((await RunAsync("./nothing")).Code, Is.EqualTo(2));
        Assert.That((await RunAsync("NOT AN IMAGE")).Code, Is.EqualTo(2));
        Assert.That((await RunAsync()).Code, Is.EqualTo(2));
    }

    private static BuiltImage Image(string version, string architecture = "amd64", LayerArchive? layer = null)
    {
        var builder = new ImageBuilder().For("linux", architecture)
            .WithLayer(new LayerArchive().File("app/node_modules/lodash/package.json", $$"""{"name":"lodash","version":"{{version}}","license":"MIT"}""").ToGzip());
        return (layer is null ? builder : builder.WithLayer(layer.ToGzip())).Build();
    }

    private static async Task<DockerRegistry> RegistryAsync()
    {
        if (DockerRegistry.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        return await DockerRegistry.StartAsync();
    }

    private static RegistryClient Client(DockerRegistry registry) =>
        RegistryClient.Create(registry.Endpoint, new SocketsHttpHandler { AllowAutoRedirect = false }, new RegistryClientOptions());

    private async Task ImportAsync()
    {
        var file = Path.Combine(_folder, "advisory.json");
        await File.WriteAllTextAsync(file, Advisory);
        using var output = new StringWriter();
        Assert.That(await CommandLine.RunAsync(["scan", "db", "import", file, "--database", Database], output, output, [ScanCommand.Create()]), Is.Zero, output.ToString());
    }

    private string Database => Path.Combine(_folder, "advisories.db");

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = await CommandLine.RunAsync(["scan", .. arguments, "--database", Database], output, error, [ScanCommand.Create()]);
        return (code, output.ToString(), error.ToString());
    }
}

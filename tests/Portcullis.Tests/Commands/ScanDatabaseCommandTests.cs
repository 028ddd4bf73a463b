using System.Text.Json.Nodes;
using Portcullis.Commands;

namespace Portcullis.Tests.Commands;

[TestFixture]
internal sealed class ScanDatabaseCommandTests
{
    private const string Advisory = """
        {"id": "A-1", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "demo"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}, {"type": "GIT", "events": []}]}]}
        """;

    private string _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("scan-db-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task An_import_says_what_it_did_and_info_what_is_there()
    {
        var (code, output, error) = await RunAsync("import", Write("a.json", Advisory));
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.StartWith("1 added, 0 updated, 0 withdrawn, 0 unchanged, 0 older").And.Contain("1 range of type GIT left out"));
        Assert.That(error, Does.Contain("a.json: 1 advisories read").And.Contain("Writing 1 advisory"));
        var info = JsonNode.Parse((await RunAsync("info", "--verify", "--output", "json")).Output)!;
        Assert.That((info["advisories"]!.GetValue<int>(), info["ecosystems"]![0]!.GetValue<string>(), info["date"]!.GetValue<string>()), Is.EqualTo((1, "npm", "2024-01-01T00:00:00Z")));
        Assert.That((await RunAsync("info")).Output, Does.Contain("Ecosystems:  npm"));
    }

    [Test]
    public async Task What_could_not_be_read_is_a_finding()
    {
        var (code, output, _) = await RunAsync("import", Write("a.json", Advisory), Write("b.json", "{"));
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("Could not be read").And.Contain("b.json: it is not JSON"));
        var json = JsonNode.Parse((await RunAsync("import", "--output", "json", Write("b.json", "{"))).Output)!;
        Assert.That((json["unreadable"]!.GetValue<int>(), json["written"]!.GetValue<bool>()), Is.EqualTo((1, false)));
    }

    [Test]
    public async Task What_is_not_there_or_corrupt_is_wrong_input()
    {
        Assert.That((await RunAsync("info")).Error, Does.Contain("make one with: portcullis scan db import FILE"));
        Assert.That((await RunAsync("import", "/nowhere.zip")).Code, Is.EqualTo(2));
        var (code, _, error) = await RunAsync("import", Write("cut.zip", "PK\u0003\u0004"));
        Assert.That((code, error), Is.EqualTo((2, $"portcullis: {_folder}/cut.zip is corrupt: it ends in the middle; nothing of it was imported\n")));
    }

    private string Write(string name, string content)
    {
        File.WriteAllText(Path.Combine(_folder, name), content);
        return Path.Combine(_folder, name);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["scan", "db", .. args, "--database", Path.Combine(_folder, "db", "advisories.db")], output, error, [ScanCommand.Create()]);
        return (code, output.ToString(), error.ToString());
    }
}

using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Organizations;
using Portcullis.Core.Sources;
using Portcullis.Up;
using Spectre.Console;

namespace Portcullis.Tests.Up;

/// <summary>What a reader of the table sees of each kind's own columns.</summary>
[TestFixture]
internal sealed class TableViewTests
{
    private const string Commit = "ab2b0c2162aa42cf12b44c74f7cfe7ff9a46cbf8";

    [Test]
    public void Shows_a_revision_by_its_first_eight_digits()
    {
        var row = Row(GitSource.CatalogEntry, $$"""{"lastAppliedRevision":"main@sha1:{{Commit}}"}""");

        using var _ = Assert.EnterMultipleScope();
        Assert.That(Drawn(row), Does.Contain("main@sha1:ab2b0c21").And.Not.Contain("ab2b0c2162"));
        Assert.That(row.Datum, Is.EqualTo($"main@sha1:{Commit}"), "machines read it whole");
    }

    [Test]
    public void Says_what_a_number_counts() =>
        Assert.That(Drawn(Row(Organization.CatalogEntry, """{"members":3,"teamCount":1}""")), Does.Contain("SHOWS").And.Contain("members 3 · teams 1"));

    private static ResourceRow Row(KindDefinition kind, string status) =>
        ResourceRow.Of(kind, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "one" }, ["status"] = JsonNode.Parse(status) });

    private static string Drawn(ResourceRow row)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        console.Write(TableView.Resources([row], default));
        return output.ToString();
    }
}

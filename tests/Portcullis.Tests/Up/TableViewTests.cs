using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
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
        var row = Row(GitSource.KindDefinition, $$"""{"lastAppliedRevision":"main@sha1:{{Commit}}"}""");

        using var _ = Assert.EnterMultipleScope();
        Assert.That(Drawn(row), Does.Contain("main@sha1:ab2b0c21").And.Not.Contain("ab2b0c2162"));
        Assert.That(row.Datum, Is.EqualTo($"main@sha1:{Commit}"), "machines read it whole");
    }

    [Test]
    public void Says_what_a_number_counts() =>
        Assert.That(Drawn(Row(Organization.KindDefinition, """{"members":3,"teamCount":1}""")), Does.Contain("SHOWS").And.Contain("members 3 · teams 1"));

    private static ResourceRow Row(KindDefinition kind, string status) =>
        ResourceRow.Of(kind, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "one" }, ["status"] = JsonNode.Parse(status) });

    [TestCase(60)]
    [TestCase(80)]
    [TestCase(120)]
    [TestCase(160)]
    public void No_line_is_wider_than_the_terminal_and_ready_and_age_are_always_there(int width)
    {
        var rows = new[] { Many("NodeHardening", "engines", "7 keys in force on 1 node"), Many("Grant", "a-grant-with-a-rather-long-name-of-its-own", new string('x', 300)) };
        var lines = Lines(rows, width);
        Assert.That(lines.Select(l => l.Length), Is.All.LessThanOrEqualTo(width));
        Assert.That(lines, Has.All.Contain("True").Or.Contains("READY"));
        Assert.That(lines, Has.All.Contain("3m").Or.Contains("AGE"));
        Assert.That(lines, Has.Count.EqualTo(3));
    }

    [Test]
    public void What_is_not_ready_says_why_on_more_lines_and_stays_when_there_is_no_room_for_all()
    {
        var trouble = Many("GitSource", "root", "a.yaml:3: spec.role: there is no role Admin; b.yaml:7: spec.collection: there is no collection /mobile") with
        {
            State = ResourceState.Failed, Ready = "False",
        };
        var rows = Enumerable.Range(0, 20).Select(i => Many("Grant", $"g{i}", "fine")).Append(trouble).ToList();
        var lines = Lines(rows, 80, mostLines: 8);
        Assert.That(lines, Has.Count.LessThanOrEqualTo(8));
        Assert.That(lines[1], Does.StartWith("GitSource  root"));
        Assert.That(string.Join(' ', lines.Select(l => l.Trim())), Does.Contain("b.yaml:7"));
        Assert.That(lines[^1], Is.EqualTo($"and {20 - lines.Count(l => l.StartsWith("Grant", StringComparison.Ordinal))} more, all Ready"));
    }

    private static ResourceRow Many(string kind, string name, string message) => new()
    {
        Kind = kind,
        Name = name,
        State = ResourceState.Ready,
        Ready = "True",
        Message = message,
        Created = DateTimeOffset.UnixEpoch.AddMinutes(-3),
        Datum = "tidewater/mobile · RestrictedControl · /staging · namespaces 2",
    };

    private static List<string> Lines(IReadOnlyList<ResourceRow> rows, int width, int mostLines = int.MaxValue) =>
        [.. TableView.Resources(rows, DateTimeOffset.UnixEpoch, width, mostLines).Select(l => Markup.Remove(l))];

    private static string Drawn(ResourceRow row) => string.Join('\n', Lines([row], 200));
}

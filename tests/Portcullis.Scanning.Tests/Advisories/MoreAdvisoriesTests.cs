using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Scanning.Tests.Advisories;

/// <summary>Adding an advisory never removes a finding. It may give it another name: then the old one is among its aliases.</summary>
[TestFixture]
internal sealed class MoreAdvisoriesTests
{
    private static readonly string[] Names = ["one", "two"];

    [Test]
    public void Another_advisory_removes_no_finding([Range(1, 60)] int seed)
    {
        var random = new Random(seed);
        var advisories = Enumerable.Range(0, random.Next(2, 8)).Select(i => Advisory($"A-{i}", random)).ToArray();
        var components = Names.SelectMany(n => Enumerable.Range(0, 10).Select(v => AdvisoryFolder.Npm(n, $"1.{v}.0"))).ToList();

        var before = Findings(advisories[..^1], components);
        var after = Findings(advisories, components);

        foreach (var finding in before)
        {
            Assert.That(
                after.Any(f => f.Component == finding.Component && IdsOf(finding).All(IdsOf(f).Contains)),
                $"{finding.Component.Name} {finding.Component.Version} has {string.Join(", ", IdsOf(finding))} no more, after {advisories[^1]}");
        }
    }

    private static List<Finding> Findings(string[] advisories, List<Component> components)
    {
        using var folder = new AdvisoryFolder();
        folder.ImportJson(advisories);
        using var database = folder.Open();
        return [.. components.SelectMany(c => database.FindingsOf(c, null))];
    }

    private static IEnumerable<string> IdsOf(Finding finding) => finding.Vulnerability.Aliases.Append(finding.Vulnerability.Id);

    private static string Advisory(string id, Random random)
    {
        var introduced = random.Next(8);
        var end = random.Next(4) switch
        {
            0 => $$""", {"last_affected": "1.{{introduced + random.Next(3)}}.0"}""",
            1 => "",
            _ => $$""", {"fixed": "1.{{introduced + random.Next(1, 4)}}.0"}""",
        };
        var alias = random.Next(2) == 0 ? "" : $", \"aliases\": [\"{(random.Next(2) == 0 ? "CVE-2026-" : "A-")}{random.Next(8)}\"]";
        return AdvisoryFolder.Json(
            id,
            package: Names[random.Next(Names.Length)],
            ranges: $$"""[{"type": "SEMVER", "events": [{"introduced": "1.{{introduced}}.0"}{{end}}]}]""",
            more: alias);
    }
}

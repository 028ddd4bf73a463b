using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Benchmarks.Matching;

/// <summary>A Trivy server beside us, over the same advisories and components, turn by turn. Trivy is asked by its RPC, and its answer is not even parsed.</summary>
internal static class TrivyPeer
{
    private const int Rounds = 5;

    public static IReadOnlyList<Bar> Compare(TemporaryFolder files, string database, IReadOnlyList<JsonObject> advisories, IReadOnlyList<Component> few, IReadOnlyList<Component> many)
    {
        if (TrivyServer.Program() is not { } program)
        {
            return [Bar.Missing("match vs Trivy", "no trivy in the PATH, nor in PORTCULLIS_TRIVY")];
        }

        TrivyDatabase.Write(files.Path("trivy/db"), advisories);
        using var server = TrivyServer.Start(program, files.Path("trivy"));
        return [Compare(server, database, few, 20), Compare(server, database, many, 50)];
    }

    private static Bar Compare(TrivyServer server, string path, IReadOnlyList<Component> components, int atLeast)
    {
        var distinct = components.DistinctBy(c => (c.Format, c.Name, c.Version)).ToList();
        var name = $"image-{distinct.Count}";
        server.Put(name, distinct);
        Samples ours = new(), theirs = new();
        IReadOnlyList<Finding> found = [];
        JsonObject answer = [];
        for (var round = 0; round < Rounds; round++)
        {
            using var database = AdvisoryDatabase.Open(path);
            var started = TimeProvider.System.GetTimestamp();
            found = [.. distinct.SelectMany(c => database.FindingsOf(c, null))];
            ours.Add(TimeProvider.System.GetElapsedTime(started));
            started = TimeProvider.System.GetTimestamp();
            answer = server.Scan(name);
            theirs.Add(TimeProvider.System.GetElapsedTime(started));
        }

        return Bar.AtLeastOf(
            $"match: {components.Count:N0} components vs a Trivy server", theirs.Median / ours.Median, atLeast, "x", $"ours {ours.Text()}, Trivy {theirs.Text()}; {Differences(found, answer)}");
    }

    /// <summary>Which findings only one of the two has; a finding of ours has all names of its vulnerability, one of Trivy's the advisory's.</summary>
    private static string Differences(IReadOnlyList<Finding> ours, JsonObject answer)
    {
        var theirs = (answer["results"]?.AsArray() ?? []).SelectMany(r => r!["vulnerabilities"]?.AsArray() ?? [])
            .Select(v => Text(v!["pkg_name"]!.GetValue<string>(), v["installed_version"]!.GetValue<string>(), v["vulnerability_id"]!.GetValue<string>())).ToHashSet(StringComparer.Ordinal);
        var named = ours.Select(f => Names(f).Select(n => Text(f.Component.Name, f.Component.Version, n)).ToList()).ToList();
        var all = named.SelectMany(n => n).ToHashSet(StringComparer.Ordinal);
        var (onlyOurs, onlyTheirs) = (named.Where(n => !n.Exists(theirs.Contains)).Select(n => n[0]).ToList(), theirs.Where(t => !all.Contains(t)).ToList());
        return $"{ours.Count} findings, Trivy's {theirs.Count} before aliases are joined; only ours {onlyOurs.Count} ({Sample(onlyOurs)}), only Trivy's {onlyTheirs.Count} ({Sample(onlyTheirs)})";
    }

    private static IEnumerable<string> Names(Finding finding) => [finding.Vulnerability.Id, .. finding.Vulnerability.Aliases];

    private static string Text(string package, string version, string vulnerability) => $"{package}@{version.TrimStart('v')} {vulnerability}";

    private static string Sample(IReadOnlyList<string> texts) => string.Join("; ", texts.Order(StringComparer.Ordinal).Take(5));
}

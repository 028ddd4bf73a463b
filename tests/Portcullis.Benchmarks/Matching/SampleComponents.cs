using System.Text.Json.Nodes;
using Portcullis.Core.Components;

namespace Portcullis.Benchmarks.Matching;

/// <summary>Components as an image has them: half of them of packages that have advisories, of versions that the advisories name.</summary>
internal static class SampleComponents
{
    public static IReadOnlyList<Component> Of(IReadOnlyList<JsonObject> advisories, int count)
    {
        var random = new Random(1);
        var named = advisories.SelectMany(a => a["affected"]?.AsArray() ?? []).Where(a => a!["package"]?["ecosystem"]?.GetValue<string>() is "Go" or "PyPI")
            .GroupBy(a => $"{a!["package"]!["ecosystem"]} {a["package"]!["name"]}", StringComparer.Ordinal)
            .Select(g => (Package: g.First()!["package"]!, Versions: g.SelectMany(a => Versions(a!)).ToList())).Where(p => p.Versions.Count > 0).ToList();
        return [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? Named(named[random.Next(named.Count)], random) : Other(i))];
    }

    private static Component Named((JsonNode Package, List<string> Versions) package, Random random)
    {
        var isGo = package.Package["ecosystem"]!.GetValue<string>() == "Go";
        var version = package.Versions[random.Next(package.Versions.Count)];
        return new Component
        {
            Format = isGo ? PackageFormat.Go : PackageFormat.Python,
            Name = package.Package["name"]!.GetValue<string>(),
            Version = isGo ? $"v{version}" : version,
        };
    }

    private static Component Other(int number) => new()
    {
        Format = number % 4 == 1 ? PackageFormat.Go : PackageFormat.Python,
        Name = number % 4 == 1 ? $"example.com/module/{number}" : $"package-{number}",
        Version = $"1.{number % 10}.{number % 7}",
    };

    /// <summary>The versions at which something begins or ends.</summary>
    private static IEnumerable<string> Versions(JsonNode affected) =>
        (affected["ranges"]?.AsArray() ?? []).Where(r => r!["type"]?.GetValue<string>() != "GIT").SelectMany(r => r!["events"]?.AsArray() ?? [])
            .SelectMany(e => e!.AsObject()).Select(e => e.Value!.GetValue<string>()).Select(v => v == "0" ? "0.0.1" : v);
}

using System.Text;
using System.Text.Json.Nodes;

namespace Portcullis.Benchmarks.Matching;

/// <summary>Writes advisories as Trivy's database (schema 2) has them: of each package the ranges of affected versions, by the identifier of the advisory.</summary>
internal static class TrivyDatabase
{
    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal) { ["Go"] = "go::Benchmark", ["PyPI"] = "pip::Benchmark" };

    public static void Write(string folder, IReadOnlyList<JsonObject> advisories)
    {
        var root = new BoltFile.Bucket();
        foreach (var source in Sources.Values)
        {
            root.In("data-source")[source] = Utf8(new JsonObject { ["ID"] = "benchmark", ["Name"] = "Benchmark", ["URL"] = "https://example.com" });
        }

        foreach (var advisory in advisories.Where(a => a["withdrawn"] is null))
        {
            Add(root, advisory);
        }

        Directory.CreateDirectory(folder);
        using (var file = File.Create(Path.Combine(folder, "trivy.db")))
        {
            new BoltFile(file).Write(root);
        }

        File.WriteAllText(Path.Combine(folder, "metadata.json"), """{"Version":2,"NextUpdate":"2100-01-01T00:00:00Z","UpdatedAt":"2026-01-01T00:00:00Z","DownloadedAt":"2026-01-01T00:00:00Z"}""");
    }

    private static void Add(BoltFile.Bucket root, JsonObject advisory)
    {
        var id = advisory["id"]!.GetValue<string>();
        foreach (var affected in (advisory["affected"]?.AsArray() ?? []).GroupBy(a => (Ecosystem: a!["package"]!["ecosystem"]!.GetValue<string>(), Name: a["package"]!["name"]!.GetValue<string>())))
        {
            var name = affected.Key.Ecosystem == "PyPI" ? affected.Key.Name.ToLowerInvariant().Replace('_', '-').Replace('.', '-') : affected.Key.Name;
            root.In(Sources[affected.Key.Ecosystem]).In(name)[id] = Utf8(new JsonObject { ["VulnerableVersions"] = new JsonArray([.. affected.SelectMany(a => Ranges(a!)).Select(r => JsonValue.Create(r))]) });
        }

        root.In("vulnerability")[id] = Utf8(new JsonObject { ["Title"] = advisory["summary"]?.GetValue<string>() ?? "", ["Severity"] = "UNKNOWN" });
    }

    private static IEnumerable<string> Ranges(JsonNode affected)
    {
        foreach (var range in (affected["ranges"]?.AsArray() ?? []).Where(r => r!["type"]?.GetValue<string>() != "GIT"))
        {
            string? introduced = null;
            foreach (var (kind, version) in range!["events"]!.AsArray().SelectMany(e => e!.AsObject()).Select(e => (e.Key, e.Value!.GetValue<string>())))
            {
                if (kind == "introduced")
                {
                    introduced = version;
                }
                else if (introduced is not null)
                {
                    yield return $">={introduced}, {(kind == "last_affected" ? "<=" : "<")}{version}";
                    introduced = null;
                }
            }

            if (introduced is not null)
            {
                yield return $">={introduced}";
            }
        }

        foreach (var version in affected["versions"]?.AsArray() ?? [])
        {
            yield return $"={version!.GetValue<string>()}";
        }
    }

    private static byte[] Utf8(JsonObject value) => Encoding.UTF8.GetBytes(value.ToJsonString());
}

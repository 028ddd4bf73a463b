using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Matching;

/// <summary>Real advisories of the data that the project's machines share, as JSON, and copies of them about other packages.</summary>
internal static class SharedAdvisories
{
    /// <summary>The folder with the data; null where it is absent.</summary>
    public static string? Folder()
    {
        for (var at = new DirectoryInfo(RepositoryFolder.Path); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "shared", "data", "osv");
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }

        return null;
    }

    /// <summary>All of them, by file name.</summary>
    public static IReadOnlyList<JsonObject> Read(string folder)
    {
        var advisories = new List<JsonObject>();
        using (var zip = ZipFile.OpenRead(Path.Combine(folder, "go-vulndb.zip")))
        {
            foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".json", StringComparison.Ordinal)).OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                using var stream = entry.Open();
                advisories.Add((JsonObject)JsonNode.Parse(stream)!);
            }
        }

        using var gzip = new GZipStream(File.OpenRead(Path.Combine(folder, "pypa-advisory-database.tar.gz")), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType == TarEntryType.RegularFile && entry.Name.EndsWith(".yaml", StringComparison.Ordinal))
            {
                var bytes = new byte[entry.Length];
                entry.DataStream!.ReadExactly(bytes);
                advisories.Add((JsonObject)JsonNode.Parse(YamlTexts.ToJson(bytes, out _)!)!);
            }
        }

        return advisories;
    }

    /// <summary>A zip archive, as OSV publishes one of each ecosystem, of the advisories and of copies of them about packages that nobody has.</summary>
    public static long WriteZip(string path, IReadOnlyList<JsonObject> advisories, int count)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        var bytes = 0L;
        for (var i = 0; i < count; i++)
        {
            var copy = i / advisories.Count;
            var advisory = copy == 0 ? advisories[i] : Copy(advisories[i % advisories.Count], copy);
            var json = JsonSerializer.SerializeToUtf8Bytes(advisory, Plain);
            bytes += json.Length;
            using var entry = zip.CreateEntry($"{advisory["id"]}.json", CompressionLevel.Fastest).Open();
            entry.Write(json);
        }

        return bytes;
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject Copy(JsonObject advisory, int number)
    {
        var copy = (JsonObject)advisory.DeepClone();
        copy["id"] = $"COPY-{number}-{advisory["id"]}";
        copy["aliases"] = new JsonArray([.. (advisory["aliases"]?.AsArray() ?? []).Select(a => JsonValue.Create($"COPY-{number}-{a}"))]);
        foreach (var package in (copy["affected"]?.AsArray() ?? []).Select(a => a!["package"]).OfType<JsonObject>())
        {
            package["name"] = $"{package["name"]}-copy-{number}";
        }

        return copy;
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Portcullis.Core.Components;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Scanning.Tests.Advisories;

/// <summary>A folder with a database and what is imported into it.</summary>
internal sealed class AdvisoryFolder : IDisposable
{
    public AdvisoryFolder() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"advisories-{Guid.NewGuid():N}");

    public string Database => Path.Combine(Folder, "advisories.db");

    public ImportLimits Limits { get; set; } = ImportLimits.Default;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>An advisory about versions of an npm package before 2.0.0.</summary>
    public static string Json(string id, string package = "demo", string modified = "2024-01-01T00:00:00Z", string ranges = """[{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]""", string more = "") =>
        $$"""{"id": "{{id}}", "modified": "{{modified}}", "affected": [{"package": {"ecosystem": "npm", "name": "{{package}}"}, "ranges": {{ranges}}}]{{more}}}""";

    public static byte[] Zip(params (string Name, string Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Tar(TarEntryFormat format, params (string Name, string Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new TarWriter(bytes, format, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
                archive.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var stream = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(content);
        }

        return bytes.ToArray();
    }

    public static byte[] Zstd(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var stream = new ZstdSharp.CompressionStream(bytes, leaveOpen: true))
        {
            stream.Write(content);
        }

        return bytes.ToArray();
    }

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public ImportReport Import(params string[] sources) => new AdvisoryImport(Database, Limits).Run(sources, null, CancellationToken.None);

    /// <summary>Imports advisories, each from a file of its own.</summary>
    public ImportReport ImportJson(params string[] advisories) =>
        Import([.. advisories.Select((a, i) => Write($"{i}-{Guid.NewGuid():N}.json", a))]);

    public AdvisoryDatabase Open() => AdvisoryDatabase.Open(Database);

    /// <summary>The identifiers of the vulnerabilities of an npm package.</summary>
    public string[] Found(string package, string version)
    {
        using var database = Open();
        return [.. database.FindingsOf(Npm(package, version), null).Select(f => f.Vulnerability.Id)];
    }

    public static Component Npm(string package, string version) => new() { Format = PackageFormat.Npm, Name = package, Version = version };
}

using System.Formats.Tar;
using System.IO.Compression;
using Portcullis.Testing.Images;
using Portcullis.Testing.Registries;

namespace Portcullis.Benchmarks.Scanning;

/// <summary>
/// An image of Debian packages: those of this machine, with their real files, lists of files, licences and the database, so many of them that the layers
/// have a given size. It is an OCI layout of two layers, compressed with gzip.
/// </summary>
internal sealed class DebianImage : IDisposable
{
    private const string Status = "/var/lib/dpkg/status";
    private const string Lists = "/var/lib/dpkg/info";

    private readonly string _root = Directory.CreateTempSubdirectory("portcullis-scan-").FullName;

    private DebianImage()
    {
    }

    /// <summary>Why none can be made here; null when one can.</summary>
    public static string? Missing { get; } = File.Exists(Status) ? null : "this machine has no packages of dpkg";

    public string Layout => Path.Combine(_root, "layout");

    /// <summary>The blobs of the layers, the lowest first.</summary>
    public IReadOnlyList<string> Layers { get; private set; } = [];

    public int Packages { get; private set; }

    /// <summary>The bytes of the layers once decompressed.</summary>
    public long Bytes { get; private set; }

    public static DebianImage Create(int packages, long bytes)
    {
        var image = new DebianImage();
        var stanzas = File.ReadAllText(Status).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(s => s.Contains(" ok installed", StringComparison.Ordinal)).Take(packages).ToList();
        image.Packages = stanzas.Count;
        var builder = new ImageBuilder();
        var half = stanzas.Count / 2;
        foreach (var (from, to) in new[] { (0, half), (half, stanzas.Count) })
        {
            var layer = image.Layer(stanzas, from, to, bytes / 2);
            builder.WithLayer(layer);
        }

        var built = builder.Build();
        LayoutFolder.Write(image.Layout, ("latest", built));
        image.Layers = [.. built.Blobs.SkipLast(1).Select(b => Path.Combine(image.Layout, "blobs", "sha256", Clients.Registry.ContentDigest.Of(b)["sha256:".Length..]))];
        return image;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private byte[] Layer(List<string> stanzas, int from, int to, long limit)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            long written = 0;
            foreach (var path in stanzas[from..to].SelectMany(Files).Concat(More(from == 0)).Distinct().Append("/etc/os-release").Where(IsPlain))
            {
                var length = new FileInfo(path).Length;
                if (written + length > limit && !path.StartsWith(Lists, StringComparison.Ordinal))
                {
                    continue;
                }

                tar.WriteEntry(path, path[1..]);
                written += length;
            }

            using var status = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join("\n\n", stanzas[..to]) + "\n"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "var/lib/dpkg/status") { DataStream = status });
            Bytes += written;
        }

        return compressed.ToArray();
    }

    private static IEnumerable<string> Files(string stanza)
    {
        var name = Field(stanza, "Package: ");
        var list = new[] { $"{Lists}/{name}.list", $"{Lists}/{name}:{Field(stanza, "Architecture: ")}.list" }.FirstOrDefault(File.Exists);
        return list is null ? [] : [list, .. File.ReadLines(list)];
    }

    // Where the packages are fewer bytes than asked for, other programs of the machine make up the rest.
    private static IEnumerable<string> More(bool first) =>
        (first ? Directory.EnumerateFiles("/usr/bin") : Directory.EnumerateDirectories("/usr/lib").SelectMany(Directory.EnumerateFiles)).Order(StringComparer.Ordinal);

    private static bool IsPlain(string path) => File.Exists(path) && new FileInfo(path) is { LinkTarget: null };

    private static string Field(string stanza, string field) =>
        stanza.Split('\n').FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))?[field.Length..] ?? "";
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Evidence;
using Portcullis.Objects;
using Portcullis.Scans;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Scans;

/// <summary>A real docker-registry with the repositories shop/web and shop/live, and the operator's part that scans and promotes.</summary>
internal sealed class ScanWorld : IAsyncDisposable
{
    public const string Live = "shop/live";

    private readonly string _folder = Directory.CreateTempSubdirectory("ps-scans-").FullName;
    private int _stores;

    private ScanWorld()
    {
    }

    public RegistryWorld World { get; private set; } = null!;

    public static RepositoryId LiveId { get; } = RegistryWorld.Id with { Name = Live };

    /// <param name="repository">What stands below the spec of the Repository web, in YAML's flow style.</param>
    /// <param name="live">The same of live.</param>
    public static async Task<ScanWorld> StartAsync(string repository = "", string live = "")
    {
        var scans = new ScanWorld();
        scans.World = await RegistryWorld.StartAsync(repository, configure: scans.Configure);
        await scans.World.Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: {{EvidenceKeys.Secret}}, namespace: portcullis-system}
            data: { {{EvidenceKeys.KeyName}}: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(EvidenceKey.NewPem()))}} }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: live}
            spec: {registry: dtr, name: {{Live}}{{(live.Length == 0 ? "" : ", " + live)}}}
            """);
        return scans;
    }

    /// <summary>With a store of its own, which is empty.</summary>
    public void Configure(IServiceCollection services)
    {
        services.AddSingleton(new ScanOptions { Store = Path.Combine(_folder, $"components{_stores++}.db") });
        services.AddScans();
    }

    /// <summary>Gives the operator a vulnerability database.</summary>
    public void Know(params (string Package, string Id, Severity Severity, string FixedIn)[] advisories) => Know(World.Services, new KnownAdvisories(advisories));

    public void Know(IServiceProvider services, KnownAdvisories advisories) => services.GetRequiredService<Rematch>().Replace(advisories, _ => true);

    /// <summary>Gives the operator another database, and has no image judged again by it.</summary>
    public void KnowWithoutRematch(params (string Package, string Id, Severity Severity, string FixedIn)[] advisories) =>
        World.Services.GetRequiredService<Advisories>().Replace(new KnownAdvisories(advisories), _ => true);

    public Task DeclareAsync(string name, string criteria) => World.Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: PromotionPolicy
        metadata: {name: {{name}} }
        spec: {registry: dtr, source: {repository: {{RegistryWorld.Name}} }, target: {repository: {{Live}} }, criteria: [{{criteria}}] }
        """);

    public async Task<PromotionPolicyStatus?> PolicyAsync(string name) =>
        (await World.Cluster.Client.GetAsync(PromotionPolicy.Definition, ObjectKey.Cluster(name), default))?.Deserialize(PromotionPolicy.JsonType)?.Status;

    public async Task<ImageScanStatus?> ScanAsync(string digest, RepositoryId? repository = null) =>
        (await World.Cluster.Client.GetAsync(ImageScan.Definition, ImageScanNames.Key(repository ?? RegistryWorld.Id, digest), default))?.Deserialize(ImageScan.JsonType)?.Status;

    /// <summary>The status of a scan, once it has this state.</summary>
    public async Task<ImageScanStatus> UntilAsync(string digest, ImageScanState state, RepositoryId? repository = null)
    {
        ImageScanStatus? status = null;
        try
        {
            await World.UntilAsync(async () => (status = await ScanAsync(digest, repository))?.State == state, $"the scan to be {state}");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; it is {status?.State}: {string.Join("; ", (status?.Conditions ?? []).Select(c => c.Message).Concat(status?.Problems ?? []))}", e);
        }

        return status!;
    }

    /// <summary>What a tag of the repository live names in the registry; null for nothing.</summary>
    public async Task<string?> LiveAsync(string tag) => (await World.Direct.Manifests.HeadAsync(Live, tag, default))?.Digest;

    /// <summary>An image of Debian 12 with these packages, each as NAME=VERSION.</summary>
    public static BuiltImage Debian(params string[] packages) => new ImageBuilder().WithLayer(Layer(
        ("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
        ("var/lib/dpkg/status", string.Concat(packages.Select(p => p.Split('=')).Select(p => $"Package: {p[0]}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {p[1]}\n\n"))))).Build();

    /// <summary>A layer of these files.</summary>
    public static byte[] Layer(params (string Path, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (path, text) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

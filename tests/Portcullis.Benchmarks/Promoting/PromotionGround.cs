using System.Globalization;
using Portcullis.Testing;
using Portcullis.Testing.Registries;

namespace Portcullis.Benchmarks.Promoting;

/// <summary>A docker-registry with a repository of images that have no layer in common and nothing attached, and a relay before it that counts.</summary>
internal sealed class PromotionGround : IAsyncDisposable
{
    public const string Source = "bench/source";
    public const int Images = 100;
    private const int Layers = 5;

    /// <summary>Small, so that a peer which reads and writes layers is not slow because of their size.</summary>
    private const int LayerBytes = 64 * 1024;

    private PromotionGround(DockerRegistry registry, CountingRelay relay)
    {
        Registry = registry;
        Relay = relay;
    }

    /// <summary>What each image consists of beside its manifest: layers and the config.</summary>
    public static int BlobsOfImage => Layers + 1;

    public DockerRegistry Registry { get; }

    public CountingRelay Relay { get; }

    public IReadOnlyList<string> Tags { get; } = [.. Enumerable.Range(0, Images).Select(i => string.Create(CultureInfo.InvariantCulture, $"v{i:000}"))];

    /// <summary>What each tag names.</summary>
    public IReadOnlyDictionary<string, string> DigestOfTag { get; private set; } = new Dictionary<string, string>();

    public IReadOnlySet<string> Digests => DigestOfTag.Values.ToHashSet(StringComparer.Ordinal);

    /// <summary>Of one manifest.</summary>
    public int ManifestBytes { get; private set; }

    public static async Task<PromotionGround> StartAsync()
    {
        var registry = await DockerRegistry.StartAsync(new DockerRegistryOptions { RelativeLocations = true });
        var ground = new PromotionGround(registry, await CountingRelay.StartAsync(registry.Address));
        await ground.FillAsync();
        return ground;
    }

    /// <summary>How many images a repository has tags of, as the registry keeps them on disk: looking costs it nothing.</summary>
    public int CountTagged(string repository)
    {
        var folder = Path.Combine(Registry.DataFolder, "docker/registry/v2/repositories", repository, "_manifests/tags");
        return Tags.Count(t => File.Exists(Path.Combine(folder, t, "current/link")));
    }

    /// <summary>Until every image is there.</summary>
    public Task UntilTaggedAsync(string repository) => Eventually.HoldsAsync(() => CountTagged(repository) == Images, TimeSpan.FromMinutes(3), $"{repository} to have its tags");

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        await Registry.DisposeAsync();
    }

    private async Task FillAsync()
    {
        var client = Registry.Client();
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (i, tag) in Tags.Index())
        {
            var image = new ImageBuilder(i + 1).WithLayers(Layers, LayerBytes).Build();
            await image.PushAsync(client, Source, tag);
            digests[tag] = image.Digest;
            ManifestBytes = image.Manifest.Bytes.Length;
        }

        DigestOfTag = digests;
    }
}

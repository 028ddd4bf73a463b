using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Clients.Registry;

namespace Portcullis.Testing.Registries;

/// <summary>
/// Makes small images, indexes and artifacts. Layers are bytes by chance of a given size, the same for the same seed: no engine could run them, every
/// registry takes them. Blobs of a test of its own go by <see cref="WithLayer"/>.
/// </summary>
public sealed class ImageBuilder
{
    private const string OciConfig = "application/vnd.oci.image.config.v1+json";
    private const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    private readonly List<(string MediaType, byte[] Bytes)> _layers = [];
    private readonly List<string> _history = [];
    private readonly Dictionary<string, string> _annotations = [];
    private readonly Random _random;
    private bool _docker;
    private string _os = "linux";
    private string _architecture = "amd64";

    /// <param name="seed">The same gives the same bytes, and so the same digests.</param>
    public ImageBuilder(int seed = 1) => _random = new Random(seed);

    /// <summary>An image of a few small layers, of another digest for each seed.</summary>
    public static BuiltImage Small(int seed = 1, int layers = 2) => new ImageBuilder(seed).WithLayers(layers, 1000).Build();

    /// <summary>Docker's media types in place of OCI's.</summary>
    public ImageBuilder AsDocker()
    {
        _docker = true;
        return this;
    }

    public ImageBuilder For(string os, string architecture)
    {
        _os = os;
        _architecture = architecture;
        return this;
    }

    /// <param name="count">How many.</param>
    /// <param name="size">In bytes, of each.</param>
    public ImageBuilder WithLayers(int count, int size)
    {
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[size];
            _random.NextBytes(bytes);
            WithLayer(bytes);
        }

        return this;
    }

    public ImageBuilder WithLayer(byte[] bytes, string? mediaType = null)
    {
        _layers.Add((mediaType ?? "", bytes));
        return this;
    }

    public ImageBuilder WithHistory(string createdBy)
    {
        _history.Add(createdBy);
        return this;
    }

    public ImageBuilder WithAnnotation(string name, string value)
    {
        _annotations[name] = value;
        return this;
    }

    public BuiltImage Build()
    {
        var config = Encoding.UTF8.GetBytes(Config().ToJsonString());
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor(_docker ? DockerConfig : OciConfig, config),
            ["layers"] = new JsonArray([.. _layers.Select(l => (JsonNode)Descriptor(LayerType(l.MediaType), l.Bytes))]),
        };
        return new BuiltImage(Sealed(manifest, ManifestType), [.. _layers.Select(l => l.Bytes), config], []);
    }

    /// <summary>An index of these images, for the platforms that their configs say.</summary>
    public static BuiltImage Index(params BuiltImage[] images) => Index(docker: false, images);

    public static BuiltImage Index(bool docker, params BuiltImage[] images)
    {
        var type = docker ? RegistryMediaTypes.DockerList : RegistryMediaTypes.OciIndex;
        var index = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = type,
            ["manifests"] = new JsonArray([.. images.Select(Child)]),
        };
        return new BuiltImage(RegistryManifest.Of(type, Encoding.UTF8.GetBytes(index.ToJsonString())), [], images);
    }

    /// <summary>A manifest attached to another: a signature or report of one blob.</summary>
    public BuiltImage BuildReferrer(RegistryManifest subject, string artifactType)
    {
        var empty = "{}"u8.ToArray();
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = RegistryMediaTypes.OciManifest,
            ["artifactType"] = artifactType,
            ["config"] = Descriptor(RegistryMediaTypes.OciEmpty, empty),
            ["layers"] = new JsonArray([.. _layers.Select(l => (JsonNode)Descriptor(l.MediaType.Length > 0 ? l.MediaType : artifactType, l.Bytes))]),
            ["subject"] = new JsonObject { ["mediaType"] = subject.MediaType, ["digest"] = subject.Digest, ["size"] = subject.Bytes.Length },
        };
        return new BuiltImage(Sealed(manifest, RegistryMediaTypes.OciManifest), [.. _layers.Select(l => l.Bytes), empty], []);
    }

    private string ManifestType => _docker ? RegistryMediaTypes.DockerManifest : RegistryMediaTypes.OciManifest;

    private string LayerType(string given) =>
        given.Length > 0 ? given : _docker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : "application/vnd.oci.image.layer.v1.tar+gzip";

    private RegistryManifest Sealed(JsonObject manifest, string mediaType)
    {
        if (_annotations.Count > 0)
        {
            manifest["annotations"] = new JsonObject(_annotations.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, a.Value)));
        }

        return RegistryManifest.Of(mediaType, Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private JsonObject Config() => new()
    {
        ["architecture"] = _architecture,
        ["os"] = _os,
        ["config"] = new JsonObject { ["Cmd"] = new JsonArray("/bin/true") },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. _layers.Select(l => (JsonNode)ContentDigest.Of(l.Bytes))]) },
        ["history"] = new JsonArray([.. _history.Select(h => (JsonNode)new JsonObject { ["created_by"] = h })]),
    };

    private static JsonNode Child(BuiltImage image)
    {
        var child = new JsonObject { ["mediaType"] = image.Manifest.MediaType, ["digest"] = image.Digest, ["size"] = image.Manifest.Bytes.Length };
        if (image.Blobs.Count > 0 && JsonNode.Parse(image.Blobs[^1])?["os"]?.GetValue<string>() is { } os)
        {
            child["platform"] = new JsonObject { ["os"] = os, ["architecture"] = JsonNode.Parse(image.Blobs[^1])!["architecture"]!.GetValue<string>() };
        }

        return child;
    }

    private static JsonObject Descriptor(string mediaType, byte[] bytes) =>
        new JsonObject { ["mediaType"] = mediaType, ["digest"] = ContentDigest.Of(bytes), ["size"] = bytes.Length };
}

using System.Text.Json;
using Portcullis.Core;

namespace Portcullis.Scanning.Images;

/// <summary>
/// An archive of `docker save` that is no OCI layout too: manifest.json names the config and the layers of each image, which are not compressed. It is
/// presented as manifests, so that whatever reads images reads one format.
/// </summary>
internal sealed class DockerArchiveStore(IImageFiles files, string name) : IImageStore
{
    private const int MaxDocument = 4 << 20;
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly Dictionary<string, byte[]> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _layers = new(StringComparer.Ordinal);

    public bool HasManifests => false;

    public async Task<IReadOnlyList<StoredBlob>> RootsAsync(CancellationToken cancellationToken)
    {
        var list = await StoredDocument.ReadAsync(files, "manifest.json", MaxDocument, cancellationToken)
            ?? throw new ImageInputException($"{name} is neither an OCI layout nor an archive of docker save");
        var roots = new List<StoredBlob>();
        foreach (var image in OciDocuments.Read(list, OciJsonContext.Default.IReadOnlyListDockerSavedImage, $"manifest.json of {name}"))
        {
            var root = await ManifestAsync(image, cancellationToken);
            roots.AddRange(image.RepoTags is { Count: > 0 } tags ? tags.Select(t => root with { Tag = t }) : [root]);
        }

        return roots;
    }

    public Task<ReadOnlyMemory<byte>> ReadAsync(StoredBlob blob, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>>(_documents[blob.Digest]);

    public Task<Stream?> OpenAsync(StoredBlob blob, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(files.Open(_layers[blob.Digest]) is { } stream ? new VerifiedStream(stream, blob.Digest) : null);

    public ValueTask DisposeAsync()
    {
        files.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<StoredBlob> ManifestAsync(DockerSavedImage image, CancellationToken cancellationToken)
    {
        var (configFile, layerFiles) = (image.Config ?? "", image.Layers ?? []);
        var bytes = await StoredDocument.ReadAsync(files, configFile, MaxDocument, cancellationToken) ?? throw new ImageInputException($"{name} has no {configFile}");
        var layers = OciDocuments.Read(bytes, OciJsonContext.Default.OciConfig, configFile).Rootfs?.DiffIds ?? [];
        if (layers.Count != layerFiles.Count)
        {
            throw new ImageInputException($"{configFile} of {name} names {layers.Count} layers, manifest.json {layerFiles.Count}");
        }

        foreach (var (digest, file) in layers.Zip(layerFiles))
        {
            _layers[BlobDigest.Check(digest)] = file;
        }

        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new OciDocument
            {
                MediaType = ManifestType,
                Config = Add("application/vnd.oci.image.config.v1+json", bytes.ToArray()),
                Layers = [.. layers.Select(d => new OciDescriptor { MediaType = LayerType, Digest = d, Size = SizeOf(_layers[d]) })],
            },
            OciJsonContext.Default.OciDocument);
        return OciDocuments.Blob(Add(ManifestType, manifest));
    }

    private OciDescriptor Add(string mediaType, byte[] bytes)
    {
        var digest = ImageDigest.Of(bytes);
        _documents[digest] = bytes;
        return new() { MediaType = mediaType, Digest = digest, Size = bytes.Length };
    }

    private long SizeOf(string file)
    {
        using var stream = files.Open(file);
        return stream?.Length ?? 0;
    }
}

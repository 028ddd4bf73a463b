using Portcullis.Core.Components;
using Portcullis.Scanning.Layers;

namespace Portcullis.Scanning.Images;

/// <summary>Reads all layers of an image.</summary>
public static class StoredImageReader
{
    /// <summary>What is in each layer, the lowest first. A layer that the store does not have, as one that is not distributed, is a problem of its inventory.</summary>
    /// <param name="store">Where the layers are.</param>
    /// <param name="image">The image.</param>
    /// <param name="progress">Called before each layer is read, with its index.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<LayerInventory>> ReadAsync(IImageStore store, ImageDescription image, Action<int> progress, CancellationToken cancellationToken)
    {
        var read = new Dictionary<string, LayerInventory>(StringComparer.Ordinal);
        foreach (var (index, layer) in image.Layers.Index())
        {
            if (!read.ContainsKey(layer.Blob.Digest))
            {
                progress(index);
                read[layer.Blob.Digest] = await ReadAsync(store, layer.Blob, cancellationToken);
            }
        }

        return [.. image.Layers.Select(l => read[l.Blob.Digest])];
    }

    private static async Task<LayerInventory> ReadAsync(IImageStore store, StoredBlob layer, CancellationToken cancellationToken)
    {
        await using var blob = await store.OpenAsync(layer, cancellationToken);
        return blob is null
            ? new() { Digest = layer.Digest, Problems = [new(0, "", "its blob is not there: a layer that is not distributed with the image cannot be read")] }
            : await LayerReader.ReadAsync(layer.Digest, blob, cancellationToken);
    }
}

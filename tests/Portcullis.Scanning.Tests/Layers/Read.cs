using Portcullis.Core.Components;
using Portcullis.Scanning.Layers;
using Portcullis.Testing.Images;
using ZstdSharp;

namespace Portcullis.Scanning.Tests.Layers;

/// <summary>Short ways to read what a test made.</summary>
internal static class Read
{
    public const string Digest = "sha256:0000000000000000000000000000000000000000000000000000000000000001";

    public static Task<LayerInventory> LayerAsync(LayerArchive layer) => LayerAsync(layer.ToTar());

    public static Task<LayerInventory> LayerAsync(byte[] blob, LayerLimits? limits = null) =>
        LayerReader.ReadAsync(Digest, new MemoryStream(blob), limits ?? LayerLimits.Default, CancellationToken.None);

    /// <summary>The components of an image of these layers.</summary>
    public static async Task<ImageInventory> ImageAsync(params LayerArchive[] layers)
    {
        var inventories = new List<LayerInventory>();
        foreach (var layer in layers)
        {
            inventories.Add(await LayerAsync(layer));
        }

        return ImageMerge.Of(inventories, NoContents.Instance);
    }

    public static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    /// <summary>NAME VERSION of each component.</summary>
    public static IReadOnlyList<string> Names(LayerInventory layer) => [.. layer.Packages.SelectMany(p => p.Components).Select(c => $"{c.Name} {c.Version}")];
}

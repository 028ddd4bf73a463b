using Portcullis.Core.Components;
using Portcullis.Scanning.Files;
using Portcullis.Scanning.Layers.Tar;
using ZstdSharp;

namespace Portcullis.Scanning.Layers;

/// <summary>Reads a layer's blob as a stream: nothing of it is written to disk, and what is kept in memory has a bound.</summary>
public static class LayerReader
{
    /// <summary>
    /// What is in the layer. What cannot be read is a problem of the inventory, not an exception; exceptions are those of <paramref name="blob"/>,
    /// which the caller opened. The blob is read to its end in any case, so that the caller's stream can verify its digest.
    /// </summary>
    /// <param name="digest">The digest of the blob, as the manifest names it. Whoever opened the stream verifies it.</param>
    /// <param name="blob">The blob as it is stored: a tar archive, compressed with gzip or zstd or not at all, which its first bytes tell.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Task<LayerInventory> ReadAsync(string digest, Stream blob, CancellationToken cancellationToken) =>
        ReadAsync(digest, blob, LayerLimits.Default, cancellationToken);

    /// <summary>The same within other limits.</summary>
    /// <param name="digest">The digest of the blob, as the manifest names it.</param>
    /// <param name="blob">The blob as it is stored.</param>
    /// <param name="limits">How much of it is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<LayerInventory> ReadAsync(string digest, Stream blob, LayerLimits limits, CancellationToken cancellationToken)
    {
        var source = new SourceStream(blob);
        var findings = new LayerFindings(limits);
        try
        {
            await using var archive = await LayerDecompression.OpenAsync(source, cancellationToken);
            var entries = new LayerEntries(archive, limits);
            using var scan = new LayerScan(entries, findings, limits);
            while (await entries.NextAsync(cancellationToken) is { } item)
            {
                await scan.VisitAsync(item, cancellationToken);
            }
        }
        catch (Exception exception) when (!source.Failed && exception is UnreadableFileException or InvalidDataException or EndOfStreamException or ZstdException)
        {
            findings.Report("", exception switch
            {
                UnreadableFileException => exception.Message,
                ZstdException => $"it cannot be decompressed: {exception.Message}",
                // What the framework says of gzip speaks of entries and methods of other archives.
                _ => "it cannot be decompressed: its data is damaged or was cut",
            });
        }

        // Also when the archive could not be read: whether that is what was pushed, or the blob was damaged on its way, only its digest tells.
        await source.DrainAsync(cancellationToken);
        return findings.Inventory(digest);
    }
}

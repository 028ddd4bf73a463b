using Portcullis.Clients.Registry;
using Portcullis.Core.Components;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Scanning.Layers;
using Portcullis.Scanning.Store;

namespace Portcullis.Scans;

/// <summary>What is in layers. Each is read from the registry once, whichever images have it, and a bounded number at once.</summary>
internal sealed class LayerInventories(ComponentStore store, ScanMetrics metrics, ScanOptions options) : IDisposable
{
    private const int DrainSize = 64 * 1024;

    private readonly KeyedTurns<string> _turns = new();
    private readonly SemaphoreSlim _atOnce = new(options.Layers);

    /// <param name="client">The registry.</param>
    /// <param name="repository">One that has the layer.</param>
    /// <param name="layer">Its descriptor.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RegistryException">The registry does not answer, or gives another content than the digest says.</exception>
    public async Task<LayerInventory> ReadAsync(RegistryClient client, RepositoryId repository, ImageDescriptor layer, CancellationToken cancellationToken)
    {
        if (store.Layer(layer.Digest) is { } known)
        {
            return known;
        }

        using var turn = await _turns.TakeAsync(layer.Digest, cancellationToken);
        if (store.Layer(layer.Digest) is { } read)
        {
            return read;
        }

        await _atOnce.WaitAsync(cancellationToken);
        try
        {
            return await OpenAndReadAsync(client, repository, layer, cancellationToken);
        }
        finally
        {
            _atOnce.Release();
        }
    }

    public void Dispose() => _atOnce.Dispose();

    private async Task<LayerInventory> OpenAndReadAsync(RegistryClient client, RepositoryId repository, ImageDescriptor layer, CancellationToken cancellationToken)
    {
        await using var blob = await client.Blobs.OpenAsync(repository.Name, layer.Digest, layer.Size, cancellationToken);
        if (blob is null)
        {
            // Not stored: it may be there another time, or in another repository.
            var problem = layer.IsForeign ? "it is a foreign layer, which the registry does not have" : "the registry does not have it";
            return new LayerInventory { Digest = layer.Digest, Problems = [new InventoryProblem(0, "", problem)] };
        }

        try
        {
            var inventory = await LayerReader.ReadAsync(layer.Digest, blob, cancellationToken);
            await VerifyAsync(blob, cancellationToken);
            store.Add(inventory);
            metrics.LayerRead(layer.Size);
            return inventory;
        }
#pragma warning disable CA1031 // whatever a parser throws at content that anybody may push makes that image incomplete, and stops nothing else
        catch (Exception e) when (e is not (RegistryException or HttpRequestException or IOException or OperationCanceledException))
#pragma warning restore CA1031
        {
            return new LayerInventory { Digest = layer.Digest, Problems = [new InventoryProblem(0, "", $"it cannot be read: {e.Message}")] };
        }
    }

    /// <summary>The digest is compared at the end of the blob, which the reader need not have reached.</summary>
    private static async Task VerifyAsync(Stream blob, CancellationToken cancellationToken)
    {
        var rest = new byte[DrainSize];
        while (await blob.ReadAsync(rest, cancellationToken) > 0)
        {
            // Nothing of it is needed.
        }
    }
}

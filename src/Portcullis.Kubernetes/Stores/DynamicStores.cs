using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// Stores of kinds that become known only while the program runs (what a Git revision happens to declare): followed from the moment
/// somebody asks until this is disposed.
/// </summary>
public sealed class DynamicStores(Reflectors reflectors) : IAsyncDisposable
{
    private readonly Dictionary<UntypedStore, (CancellationTokenSource Stop, Task Running)> _followed = [];
    private readonly Lock _gate = new();

    /// <summary>
    /// Begins to follow a kind, everywhere or in one namespace. The observer gets everything from the first list on, before the store counts as synced.
    /// </summary>
    public UntypedStore Follow(ApiResource resource, string? labelSelector, Action<Change<JsonObject>> observer, string @namespace = "")
    {
        var store = new UntypedStore(resource, new StoreOptions<JsonObject> { LabelSelector = labelSelector });
        store.Subscribe(observer);
        var reflector = reflectors.Follow(resource, new ListOptions { LabelSelector = labelSelector, Namespace = @namespace }, store);
        var stop = new CancellationTokenSource();
        lock (_gate)
        {
            _followed[store] = (stop, reflector.RunAsync(stop.Token));
        }

        return store;
    }

    /// <summary>Follows no longer. Its observer is called no more after this.</summary>
    public async Task EndAsync(UntypedStore store)
    {
        (CancellationTokenSource Stop, Task Running) followed;
        lock (_gate)
        {
            if (!_followed.Remove(store, out followed))
            {
                return;
            }
        }

        await followed.Stop.CancelAsync();
        await followed.Running;
        followed.Stop.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        UntypedStore[] stores;
        lock (_gate)
        {
            stores = [.. _followed.Keys];
        }

        await Task.WhenAll(stores.Select(EndAsync));
    }
}

using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// Stores of kinds that become known only while the program runs (what a Git revision happens to declare): followed from the moment
/// somebody asks until this is disposed.
/// </summary>
public sealed class DynamicStores(Reflectors reflectors) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly Lock _gate = new();

    /// <summary>
    /// Begins to follow a kind, everywhere or in one namespace. The observer is told of everything from the first list on, before the store counts as synced.
    /// </summary>
    public IUntypedStore Follow(ApiResource resource, string? labelSelector, Action<Change<JsonObject>> observer, string @namespace = "")
    {
        var store = new UntypedStore(resource, new StoreOptions<JsonObject> { LabelSelector = labelSelector });
        store.Subscribe(observer);
        var reflector = reflectors.Follow(resource, new ListOptions { LabelSelector = labelSelector, Namespace = @namespace }, store);
        lock (_gate)
        {
            _running.Add(reflector.RunAsync(_stop.Token));
        }

        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
        _stop.Dispose();
    }
}

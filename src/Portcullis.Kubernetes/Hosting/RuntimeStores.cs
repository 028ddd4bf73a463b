using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Hosting;

/// <summary>Keeps every registered store warm with a reflector of its own, whoever leads.</summary>
internal sealed class RuntimeStores(Reflectors reflectors, IEnumerable<ReflectorSource> sources, RuntimeHealth health)
{
    private readonly List<ReflectorSource> _sources = [.. sources];

    public int Count => _sources.Count;

    /// <summary>Starts all watches; the tasks end when the token is cancelled.</summary>
    public IReadOnlyList<Task> Start(CancellationToken cancellationToken)
    {
        var running = new List<(ReflectorSource Source, Reflector Reflector, Task Loop)>();
        foreach (var source in _sources)
        {
            var reflector = reflectors.Follow(source.Resource, source.Options, source.Store);
            running.Add((source, reflector, Task.Run(() => reflector.RunAsync(cancellationToken), CancellationToken.None)));
        }

        health.Started(running);
        return [.. running.Select(r => r.Loop)];
    }

    public Task SyncedAsync(CancellationToken cancellationToken) => Task.WhenAll(_sources.Select(s => s.SyncedAsync(cancellationToken)));
}

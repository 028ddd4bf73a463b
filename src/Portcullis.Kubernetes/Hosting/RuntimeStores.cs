using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Hosting;

/// <summary>Keeps every registered store warm with a reflector of its own, whoever leads.</summary>
internal sealed class RuntimeStores(
    KubernetesClient client, IEnumerable<ReflectorSource> sources, RuntimeHealth health, TimeProvider time, ILoggerFactory loggers)
{
    private readonly List<ReflectorSource> _sources = [.. sources];

    public int Count => _sources.Count;

    /// <summary>Starts all watches; the tasks end when the token is cancelled.</summary>
    public IReadOnlyList<Task> Start(CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger<Reflector>();
        var running = new List<(ReflectorSource Source, Reflector Reflector, Task Loop)>();
        foreach (var source in _sources)
        {
            var reflector = new Reflector(client.Collection(source.Resource, source.Options), source.Store, new ReflectorOptions(), time, logger);
            running.Add((source, reflector, Task.Run(() => reflector.RunAsync(cancellationToken), CancellationToken.None)));
        }

        health.Started(running);
        return [.. running.Select(r => r.Loop)];
    }

    public Task SyncedAsync(CancellationToken cancellationToken) => Task.WhenAll(_sources.Select(s => s.SyncedAsync(cancellationToken)));
}

using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// Makes the reflectors of one server. They share the news that it was set back to an older state (a store restored from a backup): one
/// of them sees it, and by the time another one asks, the versions may have grown past what that one knew.
/// </summary>
public sealed class Reflectors(KubernetesClient client, TimeProvider time, ILogger<Reflectors> logger) : IDisposable
{
    private readonly StoreHistory _history = new();

    /// <summary>
    /// Calls back whenever the server was set back: what was written to it, or read from it, may not be there any more, even where no store
    /// comes to show a change.
    /// </summary>
    public void WhenSetBack(Action react) => _history.Ended += react;

    internal Reflector Follow(ApiResource resource, ListOptions options, IReflected store) =>
        new(client.Collection(resource, options), store, new ReflectorOptions(), _history, time, logger);

    public void Dispose() => _history.Dispose();
}

/// <summary>The one line of versions that the watches of a server go along, until the server is set back and another one begins.</summary>
internal sealed class StoreHistory : IDisposable
{
    private CancellationTokenSource _present = new();

    public event Action? Ended;

    /// <summary>Cancelled when what was seen until now is in doubt.</summary>
    public CancellationToken Present => Volatile.Read(ref _present).Token;

    /// <summary>Begins anew, unless somebody did since the caller looked.</summary>
    public void End(CancellationToken seen)
    {
        var present = Volatile.Read(ref _present);
        if (present.Token == seen && Interlocked.CompareExchange(ref _present, new CancellationTokenSource(), present) == present)
        {
            present.Cancel();
            Ended?.Invoke();
        }
    }

    public void Dispose() => _present.Dispose();
}

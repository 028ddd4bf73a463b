using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// Makes the reflectors of one server. They share the knowledge that it was set back to an older state (a store restored from a backup): one
/// of them detects it, and by the time another one lists, the versions may have grown past those that it has seen.
/// </summary>
public sealed class Reflectors(KubernetesClient client, TimeProvider time, ILogger<Reflectors> logger) : IDisposable
{
    private readonly StoreHistory _history = new();

    /// <summary>
    /// Calls back whenever the server was set back: what was written to it, or read from it, may not be there any more, even where no store
    /// shows a change.
    /// </summary>
    public void WhenSetBack(Action react) => _history.Ended += react;

    internal Reflector Follow(ApiResource resource, ListOptions options, IReflected store) =>
        new(client.Collection(resource, options), store, new ReflectorOptions(), _history, time, logger);

    public void Dispose() => _history.Dispose();
}

/// <summary>The history of versions that the watches of a server follow, until the server is set back and another history begins.</summary>
internal sealed class StoreHistory : IDisposable
{
    private CancellationTokenSource _present = new();

    public event Action? Ended;

    /// <summary>Cancelled when what was seen until now is in doubt.</summary>
    public CancellationToken Present => Volatile.Read(ref _present).Token;

    /// <summary>Begins a new history, unless another caller has begun one since.</summary>
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

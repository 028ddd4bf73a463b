using System.Collections.Concurrent;
using Portcullis.Clients.Registry;
using Portcullis.Core.Registries;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;

namespace Portcullis.Registries;

/// <summary>The way to each declared registry, made when it is first asked for and made anew when the Registry or one of its Secrets changes.</summary>
internal sealed class RegistryConnections : IDisposable
{
    /// <summary>Ends the keys of connections to Notary servers; no Registry can have such a name.</summary>
    private const string Notary = " notary";

    private readonly IStore<Registry> _registries;
    private readonly RegistryConnector _connector;
    private readonly ConcurrentDictionary<string, Kept> _connections = new(StringComparer.Ordinal);
    private readonly DeclaringSources _sources;
    private readonly IDisposable _subscription;

    public RegistryConnections(IStore<Registry> registries, RegistryConnector connector, SecretWatch secrets, DeclaringSources sources)
    {
        _sources = sources;
        _registries = registries;
        _connector = connector;
        _subscription = registries.Subscribe(change => Drop(change.Key.Name));
        secrets.WhenChanged(DropOf);
    }

    /// <summary>The client of a registry.</summary>
    /// <exception cref="RegistryUnavailableException">There is no such Registry, or a Secret of it cannot be used.</exception>
    public async Task<RegistryClient> GetAsync(string registry, CancellationToken cancellationToken) => (await ConnectAsync(registry, cancellationToken)).Client;

    /// <summary>The way to a registry, whole.</summary>
    /// <exception cref="RegistryUnavailableException">There is no such Registry, or a Secret of it cannot be used.</exception>
    public async Task<RegistryConnection> ConnectAsync(string registry, CancellationToken cancellationToken)
    {
        if (_registries.Get(ObjectKey.Cluster(registry)) is not { } declared)
        {
            throw new RegistryUnavailableException(RegistryReasons.UnknownRegistry, $"there is no Registry {registry}");
        }

        return (await KeepAsync(registry, declared, async () => await _connector.ConnectAsync(declared, cancellationToken)))!;
    }

    /// <summary>The way to the Notary server of a registry; null when it has none.</summary>
    /// <exception cref="RegistryUnavailableException">A Secret of the Registry cannot be used.</exception>
    public Task<RegistryConnection?> ConnectNotaryAsync(Registry registry, CancellationToken cancellationToken) =>
        KeepAsync(registry.Key.Name + Notary, registry, () => _connector.ConnectNotaryAsync(registry, cancellationToken));

    public void Dispose()
    {
        _subscription.Dispose();
        foreach (var kept in _connections.Values)
        {
            kept.Connection.Dispose();
        }
    }

    /// <summary>The connection that is kept for this very declaration, or a new one; null when there is nothing to connect to.</summary>
    private async Task<RegistryConnection?> KeepAsync(string key, Registry declared, Func<Task<RegistryConnection?>> connect)
    {
        var version = (declared.Metadata.Uid, declared.Metadata.Generation);
        if (_connections.TryGetValue(key, out var kept) && kept.Version == version)
        {
            return kept.Connection;
        }

        var source = _sources.Of(declared);
        if (await connect() is not { } made)
        {
            return null;
        }

        _connections[key] = new Kept(version, source, made);
        return made;
    }

    private void DropOf(string source)
    {
        foreach (var (name, _) in _connections.Where(c => c.Value.Source == source))
        {
            Drop(name);
        }
    }

    /// <summary>Not disposed: requests may be on their way. Its idle connections end by themselves.</summary>
    private void Drop(string registry)
    {
        _connections.TryRemove(registry, out _);
        _connections.TryRemove(registry + Notary, out _);
    }

    private sealed record Kept((string? Uid, long? Generation) Version, string Source, RegistryConnection Connection);
}

using System.Runtime.CompilerServices;
using Portcullis.Clients.Notary;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Registries;
using Portcullis.Trust.Reading;

namespace Portcullis.Trust.Delegations;

/// <summary>
/// Follows the changefeeds of Notary servers, so that what somebody publishes past Git is looked at within seconds. Only the leader does. A server whose
/// feed cannot be read is looked at as time passes, like everything else.
/// </summary>
internal sealed class PublishedChanges(TrustStores stores, RegistryConnections connections, ChangeFeeds feeds, TrustCacheOptions options, ReconcileTrigger<TrustDelegation> trigger, TimeProvider time) : IControllerLoop
{
    private readonly ConditionalWeakTable<NotaryClient, Registry> _followed = [];

    public string Name => "trustchanges";

    public string? FindStuck() => null;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var listening = feeds.Listen(Changed);
        using var timer = new PeriodicTimer(options.FeedAfter, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await Task.WhenAll(stores.RegistriesWithTrust().Select(r => FollowAsync(r, cancellationToken)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The operator ends, or another leads.
        }
    }

    private async Task FollowAsync(Registry registry, CancellationToken cancellationToken)
    {
        try
        {
            if (await connections.ConnectNotaryAsync(registry, cancellationToken) is { Notary: var server })
            {
                _followed.AddOrUpdate(server, registry);
                feeds.Follow(server);
            }
        }
        catch (RegistryUnavailableException)
        {
            // Each TrustDelegation of the registry says so.
        }
    }

    private void Changed(NotaryClient server, string gun)
    {
        if (_followed.TryGetValue(server, out var registry) && $"{registry.Spec.Host}/" is var prefix && gun.StartsWith(prefix, StringComparison.Ordinal))
        {
            foreach (var delegation in stores.Of(new RepositoryId(registry.Key.Name, gun[prefix.Length..])))
            {
                trigger.Enqueue(delegation.Key);
            }
        }
    }
}

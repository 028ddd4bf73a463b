using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;
using Portcullis.Sources.Receive;

namespace Portcullis.Repositories.Notifications;

/// <summary>
/// Takes a registry's notifications. Nothing of one is believed: what the ledger does not know makes the repository be polled now. Works on every copy of the
/// operator, since the wish is an annotation.
/// </summary>
internal sealed class RegistryNotificationReceiver(
    IStore<Registry> registries, DeclaredRepositories declared, TagLedgers ledgers, NotificationSecrets secrets, KubernetesClient client, TimeProvider time)
    : INoticeReceiver
{
    public string PathPrefix => "/registry/";

    public async Task<int> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var registry = registries.Get(ObjectKey.Cluster((request.Path.Value ?? "")[PathPrefix.Length..]));
        if (registry?.Spec.NotificationsSecretRef is null || await secrets.TokenAsync(registry, cancellationToken) is not { } token)
        {
            return StatusCodes.Status404NotFound;
        }

        if (!NotificationSignature.Same(request.Headers.Authorization.ToString(), $"Bearer {token}"))
        {
            return StatusCodes.Status401Unauthorized;
        }

        if (await NoticeBody.ReadAsync(request, cancellationToken) is not { } body)
        {
            return StatusCodes.Status413PayloadTooLarge;
        }

        if (RegistryNotification.Read(body) is not { } notifications)
        {
            return StatusCodes.Status400BadRequest;
        }

        await RequestPollsAsync(registry.Key.Name, notifications, cancellationToken);
        return StatusCodes.Status202Accepted;
    }

    private async Task RequestPollsAsync(string registry, IReadOnlyList<RegistryNotification> notifications, CancellationToken cancellationToken)
    {
        var news = notifications.GroupBy(n => new RepositoryId(registry, n.Repository)).Where(r => r.Any(n => IsNews(r.Key, n))).Select(r => r.Key);
        foreach (var repository in news.Select(declared.Find).OfType<Repository>())
        {
            await client.RequestReconcileAsync(Repository.Definition, repository.Key, time, cancellationToken);
        }
    }

    /// <summary>What the gateway wrote is in the ledger, or claimed there, before the registry has it.</summary>
    private bool IsNews(RepositoryId repository, RegistryNotification notification) => notification switch
    {
        { IsDeletion: true } => ledgers.Of(repository).Any(e => e.Claim is null && e.Digest == notification.Digest),
        { Tag: { } tag } => ledgers.Find(repository, tag) is not { } entry || (entry.Digest != notification.Digest && entry.Claim?.Digest != notification.Digest),
        _ => false,
    };
}

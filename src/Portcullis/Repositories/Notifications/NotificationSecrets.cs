using Portcullis.Core.Registries;
using Portcullis.Secrets;
using Portcullis.Sources.Receive;

namespace Portcullis.Repositories.Notifications;

/// <summary>The token by which a registry shows that a notification is its own.</summary>
internal sealed class NotificationSecrets(BoundSecrets secrets, DeclaringSources sources, NoticeTokens tokens)
{
    /// <summary>Null when its Secret cannot be used; the Registry's own reconcile does not need it, so that nobody is kept from anything.</summary>
    public Task<string?> TokenAsync(Registry registry, CancellationToken cancellationToken) =>
        tokens.OfAsync($"registry {registry.Key.Name}", c => ReadAsync(registry, c)).WaitAsync(cancellationToken);

    private async Task<string?> ReadAsync(Registry registry, CancellationToken cancellationToken)
    {
        try
        {
            return (await secrets.ReadAsync(sources.Of(registry), registry.Spec.NotificationsSecretRef!.Name, cancellationToken)).Find("token") is { Length: > 0 } token ? token : null;
        }
        catch (BoundSecretException)
        {
            return null;
        }
    }
}

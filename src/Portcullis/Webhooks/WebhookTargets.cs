using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Http.Egress;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;

namespace Portcullis.Webhooks;

/// <summary>Finds where the notifications of a webhook go, from what is declared and from the Secrets of the source that declares it.</summary>
internal sealed class WebhookTargets(BoundSecrets secrets, DeclaringSources sources, IStore<Registry> registries)
{
    /// <summary>Opens connections to those addresses alone that the repository's Registry allows.</summary>
    public EgressGuard GuardOf(Repository repository) =>
        new(EgressRules.Parse(registries.Get(ObjectKey.Cluster(repository.Spec.Registry))?.Spec.Egress ?? [], out _));

    /// <exception cref="BoundSecretException">A Secret is missing, not for the source or not for the receiver's host, or lacks a key.</exception>
    public async Task<WebhookTarget> FindAsync(Repository repository, RepositoryWebhook webhook, CancellationToken cancellationToken)
    {
        var source = sources.Of(repository);
        var url = webhook.Url ?? await ValueAsync(source, webhook.UrlSecretRef!.Name, "url", null, cancellationToken);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new BoundSecretException($"the Secret {webhook.UrlSecretRef?.Name} has no http:// or https:// URL under the key url");
        }

        var key = webhook.Format == WebhookFormat.GitLabTrigger ? "token" : "secret";
        return new WebhookTarget(
            address,
            webhook.SecretRef is { } secret ? await ValueAsync(source, secret.Name, key, address.Authority, cancellationToken) : null,
            webhook.CaSecretRef is { } authorities ? await ValueAsync(source, authorities.Name, "ca.crt", null, cancellationToken) : null);
    }

    private async Task<string> ValueAsync(string source, string name, string key, string? host, CancellationToken cancellationToken)
    {
        var secret = await secrets.ReadAsync(source, name, cancellationToken);
        if (host is not null)
        {
            secret.RequireHost(host);
        }

        return secret.Find(key) ?? throw new BoundSecretException($"the Secret {name} has no key {key}");
    }
}

/// <param name="Url">Where to; it may hold a token.</param>
/// <param name="Secret">What signs a delivery, or a trigger's token; null for none.</param>
/// <param name="Authorities">In PEM, beside the system's; null for none.</param>
internal sealed record WebhookTarget(Uri Url, string? Secret, string? Authorities);

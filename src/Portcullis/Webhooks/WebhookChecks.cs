using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Portcullis.Core.Repositories;
using Portcullis.Http.Connections;
using Portcullis.Repositories;
using Portcullis.Secrets;

namespace Portcullis.Webhooks;

/// <summary>Tries out everything about webhooks but the receiver. A repository that is pushed to is reconciled often, so that what was found is kept for a while.</summary>
internal sealed class WebhookChecks(WebhookTargets targets, WebhookSettings settings, TimeProvider time) : IWebhookChecks
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(4);

    /// <summary>Whoever resolves names may hang; what is not known by then shows when something is sent.</summary>
    private static readonly TimeSpan ResolvedWithin = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ObjectKey, Kept> _kept = new();

    public async Task<IReadOnlyList<Problem>> ProblemsOfAsync(Repository repository, CancellationToken cancellationToken)
    {
        if (repository.Spec.Webhooks is not { Count: > 0 } webhooks)
        {
            _kept.TryRemove(repository.Key, out _);
            return [];
        }

        var version = settings.VersionFor(repository);
        if (_kept.TryGetValue(repository.Key, out var kept) && kept.Version == version && time.GetElapsedTime(kept.At) < KeptFor)
        {
            return kept.Problems;
        }

        var problems = new List<Problem>();
        for (var i = 0; i < webhooks.Count; i++)
        {
            if (webhooks[i].Suspend != true && await WhyNotAsync(repository, webhooks[i], cancellationToken) is { } why)
            {
                problems.Add(new Problem(RepositoryReasons.WebhookUnusable, string.Create(CultureInfo.InvariantCulture, $"spec.webhooks[{i}]"), $"the webhook {webhooks[i].Name} cannot be sent: {why}"));
            }
        }

        _kept[repository.Key] = new Kept(version, time.GetTimestamp(), problems);
        return problems;
    }

    private async Task<string?> WhyNotAsync(Repository repository, RepositoryWebhook webhook, CancellationToken cancellationToken)
    {
        try
        {
            var target = await targets.FindAsync(repository, webhook, cancellationToken);
            if (target.Authorities is { } authorities)
            {
                OwnAuthorities.Policy(authorities);
            }

            return await targets.GuardOf(repository).RefusalOfAsync(target.Url.IdnHost.Trim('[', ']'), cancellationToken).WaitAsync(ResolvedWithin, time, cancellationToken) is { } refusal
                ? WebhookSender.Refused(refusal)
                : null;
        }
        catch (BoundSecretException e)
        {
            return e.Message;
        }
        catch (CryptographicException e)
        {
            return $"the Secret {webhook.CaSecretRef?.Name}: {e.Message}";
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private sealed record Kept(WebhookSettingsVersion Version, long At, IReadOnlyList<Problem> Problems);
}

using System.Collections.Concurrent;
using Portcullis.Access;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Stores;
using Portcullis.Signing;

namespace Portcullis.Admission.Signatures;

/// <summary>
/// When the API server calls the webhooks of signatures. Without a policy it does not, and no pod waits for them. While no policy is enforced, pods run also
/// while no copy of the operator answers; once one is, none does.
/// </summary>
internal sealed class SignatureTerms(
    IImageAdmission admission, IStore<SigningPolicy> policies, IStore<Organization> organizations, IStore<Registry> registries, AccessStores access, UnjudgedImages unjudged)
{
    /// <summary>Made once for each mode: every request is counted by its definition.</summary>
    private readonly ConcurrentDictionary<(string Path, SigningMode Mode), WebhookDefinition> _made = new();

    /// <summary>The definition as the policies in force have it.</summary>
    public WebhookDefinition Of(WebhookDefinition webhook)
    {
        var key = (webhook.Path, admission.Strictest);
        return _made.TryGetValue(key, out var made) ? made : _made.GetOrAdd(key, Make(webhook, key.Strictest));
    }

    public IDisposable WhenRedefined(Action changed) => new Both(policies.Subscribe(_ => changed()), policies.WhenListed(changed));

    /// <summary>With empty stores there would be no policy, and every image would be admitted.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            policies.WaitUntilSyncedAsync(cancellationToken),
            organizations.WaitUntilSyncedAsync(cancellationToken),
            registries.WaitUntilSyncedAsync(cancellationToken),
            access.Collections.WaitUntilSyncedAsync(cancellationToken),
            access.Namespaces.WaitUntilSyncedAsync(cancellationToken),
            unjudged.ReadAsync(cancellationToken));
        _made.Clear();
    }

    private WebhookDefinition Make(WebhookDefinition webhook, SigningMode mode) => webhook with
    {
        FailurePolicy = mode == SigningMode.Enforce ? WebhookFailurePolicy.Fail : WebhookFailurePolicy.Ignore,
        Matches = mode == SigningMode.Off ? [] : [.. webhook.Matches.Select(m => m with { ExceptNamespaces = unjudged.Namespaces, Condition = unjudged.Condition })],
    };

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}

namespace Portcullis.Admission;

/// <summary>Finds the webhook that a request is for, and counts its decisions.</summary>
internal sealed class WebhookDispatcher(IEnumerable<IWebhook> webhooks, AdmissionMetrics metrics)
{
    private readonly Dictionary<string, IWebhook> _byPath = webhooks.ToDictionary(w => w.Definition.Path, StringComparer.Ordinal);

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.WhenAll(_byPath.Values.Select(w => w.PrepareAsync(cancellationToken)));

    /// <summary>Null when no webhook has this path.</summary>
    public async Task<AdmissionResponse?> DecideAsync(string path, AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!_byPath.TryGetValue(path, out var webhook))
        {
            return null;
        }

        try
        {
            var response = await webhook.DecideAsync(request, cancellationToken);
            metrics.Decided(webhook.Definition, response);
            return response;
        }
        catch
        {
            metrics.Failed(webhook.Definition);
            throw;
        }
    }
}

namespace Portcullis.Admission;

/// <summary>Finds the webhook that a request is for, and counts its decisions.</summary>
internal sealed class WebhookDispatcher(IEnumerable<IWebhook> webhooks, AdmissionMetrics metrics)
{
    private readonly Dictionary<string, IWebhook> _byPath = webhooks.ToDictionary(w => w.Definition.Path, StringComparer.Ordinal);

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.WhenAll(_byPath.Values.Select(w => w.PrepareAsync(cancellationToken)));

    public bool Has(string path) => _byPath.ContainsKey(path);

    /// <param name="path">That of a webhook that there is.</param>
    /// <param name="request">What it is asked.</param>
    /// <param name="cancellationToken">The API server no longer waits.</param>
    public async Task<AdmissionResponse> DecideAsync(string path, AdmissionRequest request, CancellationToken cancellationToken)
    {
        var webhook = _byPath[path];
        var definition = webhook.Definition;
        try
        {
            var response = await webhook.DecideAsync(request, cancellationToken);
            metrics.Decided(definition, response);
            return response;
        }
        catch
        {
            metrics.Failed(definition);
            throw;
        }
    }
}

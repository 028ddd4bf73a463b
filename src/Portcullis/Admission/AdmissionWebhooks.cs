using Portcullis.Grants;

namespace Portcullis.Admission;

/// <summary>Which question is answered by whom.</summary>
internal sealed class AdmissionWebhooks(PodAdmission pods, EditObserver observer, AccessStores stores, AdmissionMetrics metrics)
{
    /// <summary>
    /// Nothing is answered before the stores are read: a webhook that knows of no collection would let everything pass. Until then the API
    /// server finds nobody listening, and its failure policy decides.
    /// </summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await observer.LearnSelfAsync(cancellationToken);
        await Task.WhenAll(
            stores.Collections.WaitUntilSyncedAsync(cancellationToken),
            stores.Namespaces.WaitUntilSyncedAsync(cancellationToken),
            stores.Nodes.WaitUntilSyncedAsync(cancellationToken));
    }

    /// <summary>Null for a path that is none of ours.</summary>
    public async Task<AdmissionAnswer?> AnswerAsync(string path, AdmissionCall call, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(path, call, cancellationToken);
            if (answer is not null)
            {
                metrics.Decided(path, answer);
            }

            return answer;
        }
        catch
        {
            metrics.Failed(path);
            throw;
        }
    }

    private async Task<AdmissionAnswer?> AskAsync(string path, AdmissionCall call, CancellationToken cancellationToken) => path switch
    {
        WebhookConfigurations.MutatePods => pods.Mutate(call),
        WebhookConfigurations.ValidatePods => await pods.ValidateAsync(call, cancellationToken),
        WebhookConfigurations.NodeReports => NodeReportAdmission.Validate(call),
        WebhookConfigurations.Observe => observer.Observe(call),
        _ => null,
    };
}

using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>
/// Shows each write to the validating webhooks that ask for it, all at once, and refuses it when one denies it; the first in order
/// speaks. https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
/// </summary>
internal sealed class ValidatingWebhooks(WebhookClient client, IObjectStore store, IKindDirectory kinds) : IAdmissionPlugin
{
    private readonly WebhookSelection _selection = new(
        new ApiResource("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false),
        store,
        kinds);

    public ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        var selected = _selection.For(request);
        if (selected.Count == 0)
        {
            return;
        }

        var asked = selected.Select(one => AskAsync(one, request, cancellationToken)).ToList();
        foreach (var (warnings, denial) in await Task.WhenAll(asked))
        {
            request.Warnings.AddRange(warnings);
            if (denial is not null)
            {
                throw denial;
            }
        }
    }

    private async Task<(IReadOnlyList<string> Warnings, AdmissionDeniedException? Denial)> AskAsync(
        SelectedWebhook selected, AdmissionAttributes request, CancellationToken cancellationToken)
    {
        var webhook = selected.Webhook;
        try
        {
            if (!webhook.Conditions.Hold(selected, request))
            {
                return ([], null);
            }

            if (request.DryRun && webhook.HasSideEffects)
            {
                return ([], WebhookDenial.NoDryRun(webhook));
            }

            var verdict = await client.AskAsync(selected, request, cancellationToken);
            return (verdict.Warnings, verdict.Allowed ? null : WebhookDenial.Of(webhook, verdict.Status));
        }
        catch (AdmissionDeniedException denial)
        {
            return ([], denial);
        }
        catch (WebhookCallException failure)
        {
            return ([], webhook.IgnoresFailure ? null : failure.ToDenial(webhook));
        }
    }
}

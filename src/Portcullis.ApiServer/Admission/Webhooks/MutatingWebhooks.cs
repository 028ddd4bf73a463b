using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Patches;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>
/// Lets the mutating webhooks change each write, one after the other; one that asked for it (reinvocationPolicy IfNeeded) is asked
/// once more when a later one changed what it had seen.
/// </summary>
internal sealed class MutatingWebhooks(WebhookClient client, IObjectStore store, IKindDirectory kinds) : IAdmissionPlugin
{
    private readonly WebhookSelection _selection = new(
        new ApiResource("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false),
        store,
        kinds);

    public async ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        var again = new List<(SelectedWebhook Webhook, JsonNode? Seen)>();
        foreach (var selected in _selection.For(request))
        {
            await AskAsync(selected, request, cancellationToken);
            if (selected.Webhook.IsReinvoked)
            {
                again.Add((selected, request.Object?.DeepClone()));
            }
        }

        foreach (var (selected, seen) in again)
        {
            if (!JsonNode.DeepEquals(seen, request.Object))
            {
                await AskAsync(selected, request, cancellationToken);
            }
        }
    }

    public ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private async Task AskAsync(SelectedWebhook selected, AdmissionAttributes request, CancellationToken cancellationToken)
    {
        var webhook = selected.Webhook;
        try
        {
            if (!webhook.Conditions.Hold(selected, request))
            {
                return;
            }

            if (request.DryRun && webhook.HasSideEffects)
            {
                throw WebhookDenial.NoDryRun(webhook);
            }

            var verdict = await client.AskAsync(selected, request, cancellationToken);
            request.Warnings.AddRange(verdict.Warnings);
            if (!verdict.Allowed)
            {
                throw WebhookDenial.Of(webhook, verdict.Status);
            }

            if (verdict.Patch is { Count: > 0 } patch && request.Object is { } value)
            {
                Patch(webhook, value, patch);
            }
        }
        catch (WebhookCallException failure)
        {
            if (!webhook.IgnoresFailure)
            {
                throw failure.ToDenial(webhook);
            }
        }
    }

    private static void Patch(Webhook webhook, JsonObject value, JsonArray patch)
    {
        JsonObject patched;
        try
        {
            patched = JsonPatch.Apply(value, patch);
        }
        catch (StatusException)
        {
            throw Denial.Internal($"the JSON patch of admission webhook \"{webhook.Name}\" does not apply to the object");
        }

        // Others hold on to this object, so it is changed, not replaced.
        value.Clear();
        foreach (var (name, member) in patched.ToList())
        {
            patched[name] = null;
            value[name] = member;
        }
    }
}

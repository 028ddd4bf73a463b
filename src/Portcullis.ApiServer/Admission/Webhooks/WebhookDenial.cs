using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>Turns a webhook's denial into the Status that the user sees (apiserver webhook/errors ToStatusErr).</summary>
internal static class WebhookDenial
{
    public static AdmissionDeniedException Of(Webhook webhook, JsonObject? status)
    {
        var deniedBy = $"admission webhook \"{webhook.Name}\" denied the request";
        var reason = status.String("reason");
        var message = status.String("message") is { Length: > 0 } text ? $"{deniedBy}: {text}"
            : reason is { Length: > 0 } ? $"{deniedBy}: {reason}"
            : $"{deniedBy} without explanation";
        var code = (int)(status.Long("code") ?? 0);
        return new AdmissionDeniedException(code < 400 ? 400 : code, reason, message, status.Object("details")?.DeepClone().AsObject());
    }

    public static AdmissionDeniedException NoDryRun(Webhook webhook) =>
        new(400, "BadRequest", $"admission webhook \"{webhook.Name}\" does not support dry run");
}

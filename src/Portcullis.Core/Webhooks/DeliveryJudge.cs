using System.Globalization;

namespace Portcullis.Core.Webhooks;

/// <summary>What a delivery's attempts mean for it.</summary>
public static class DeliveryJudge
{
    /// <summary>It is not due: the time until then; null when it is to be sent now.</summary>
    public static Reconciled<WebhookDeliveryStatus>? NotDue(WebhookDelivery delivery, bool isRequested, DateTimeOffset now) => delivery.Status switch
    {
        _ when isRequested => null,
        { State: DeliveryState.DeadLetter } status => GivenUp(status),
        { NextAttemptAt: { } next } status when now < next => new(Waiting(status, next - now), Own(status)),
        _ => null,
    };

    /// <summary>After an attempt that failed.</summary>
    public static Reconciled<WebhookDeliveryStatus> Failed(WebhookDelivery delivery, string error, DateTimeOffset now)
    {
        var attempts = (delivery.Status?.Attempts ?? 0) + 1;
        var status = new WebhookDeliveryStatus { Attempts = attempts, LastAttemptAt = now, LastError = error };
        if (delivery.Status?.State == DeliveryState.DeadLetter || DeliverySchedule.Next(attempts, delivery.Spec.CreatedAt, now) is not { } next)
        {
            var dead = status with { State = DeliveryState.DeadLetter };
            return GivenUp(dead) with
            {
                Events = [new ReportedEvent(Warning: true, DeliveryReasons.DeadLetter, $"{delivery.Spec.Event} for webhook {delivery.Spec.Webhook} of {delivery.Spec.Repository}: {error}")],
            };
        }

        status = status with { State = DeliveryState.Pending, NextAttemptAt = next };
        return new(Waiting(status, next - now), status);
    }

    private static Reconciled<WebhookDeliveryStatus> GivenUp(WebhookDeliveryStatus status) => new(
        new Outcome.Stalled(
            DeliveryReasons.DeadLetter,
            string.Create(CultureInfo.InvariantCulture, $"not delivered after {status.Attempts} attempts: {status.LastError}. Annotate it portcullis.dev/requestedAt to try again")),
        Own(status));

    private static Outcome.Waiting Waiting(WebhookDeliveryStatus status, TimeSpan due) => new(
        DeliveryReasons.Retrying, string.Create(CultureInfo.InvariantCulture, $"attempt {status.Attempts} failed: {status.LastError}"), due);

    /// <summary>The fields of the delivery's own: the loop writes its own itself.</summary>
    private static WebhookDeliveryStatus Own(WebhookDeliveryStatus status) => new()
    {
        State = status.State,
        Attempts = status.Attempts,
        LastAttemptAt = status.LastAttemptAt,
        NextAttemptAt = status.NextAttemptAt,
        LastError = status.LastError,
    };
}

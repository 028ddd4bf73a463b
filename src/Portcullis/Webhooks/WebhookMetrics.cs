using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Prometheus;

namespace Portcullis.Webhooks;

/// <summary>How many notifications were delivered, failed and dropped (docs/metrics.md).</summary>
internal sealed class WebhookMetrics(IMetricFactory metrics)
{
    private readonly Counter _deliveries = metrics.CreateCounter(
        "webhook_deliveries_total", "Attempts to deliver a notification, by event and result (delivered, failed, dropped).", ["event", "result"]);

    public void Count(WebhookEvent one, string result) => _deliveries.WithLabels(WebhookEnvelope.NameOf(one), result).Inc();
}

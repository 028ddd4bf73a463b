using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Webhooks;

/// <summary>
/// One notification for one webhook, from the moment when its event was recorded until it is delivered. Its name follows from the event and the
/// webhook, so that recording an event again makes no second one.
/// </summary>
public sealed record WebhookDelivery : Resource<WebhookDeliverySpec, WebhookDeliveryStatus>, IResource<WebhookDelivery>
{
    public static ApiResource Definition { get; } =
        new(WellKnown.Group, WellKnown.Version, "WebhookDelivery", "webhookdeliveries", false) { ShortNames = ["delivery"] };

    public static JsonTypeInfo<WebhookDelivery> JsonType => WebhooksJsonContext.Default.WebhookDelivery;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A notification that waits for its delivery, or that could not be delivered. Written by the program only.",
        Columns =
        [
            new PrinterColumn("Repository", ".spec.repository"),
            new PrinterColumn("Webhook", ".spec.webhook"),
            new PrinterColumn("Event", ".spec.event"),
            new PrinterColumn("State", ".status.state"),
            new PrinterColumn("Attempts", ".status.attempts", "integer"),
            new PrinterColumn("Last error", ".status.lastError", Priority: 1),
        ],
    })
    {
        Declarable = false,
    };
}

/// <summary>What is delivered, and where it belongs.</summary>
public sealed record WebhookDeliverySpec
{
    [Description("The name of the Repository object.")]
    public required string Repository { get; init; }

    [Description("The name of the webhook in it.")]
    public required string Webhook { get; init; }

    [Description("What it is about.")]
    public required WebhookEvent Event { get; init; }

    [Description("DTR's envelope as JSON: type, createdAt, contents, location.")]
    public required string Body { get; init; }

    [Description("When what it is about happened.")]
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How far a delivery is.</summary>
public enum DeliveryState
{
    Pending,

    /// <summary>It failed too often and is not tried again unless somebody asks for it.</summary>
    DeadLetter,
}

/// <summary>The attempts so far. A delivery that succeeded is deleted.</summary>
public sealed record WebhookDeliveryStatus : ResourceStatus
{
    [Description("Pending, or DeadLetter when it is not tried again.")]
    public DeliveryState? State { get; init; }

    [Description("How often it was tried.")]
    public int? Attempts { get; init; }

    [Description("When it was last tried.")]
    public DateTimeOffset? LastAttemptAt { get; init; }

    [Description("When it is tried next.")]
    public DateTimeOffset? NextAttemptAt { get; init; }

    [Description("Why the last attempt failed: the receiver's status code or the network's error, without any credentials.")]
    public string? LastError { get; init; }
}

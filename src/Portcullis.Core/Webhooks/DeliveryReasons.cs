namespace Portcullis.Core.Webhooks;

/// <summary>Reasons of a WebhookDelivery's conditions and Events.</summary>
public static class DeliveryReasons
{
    /// <summary>The last attempt failed; it is not tried again.</summary>
    public const string DeadLetter = "DeadLetter";

    /// <summary>An attempt failed, and another one follows.</summary>
    public const string Retrying = "Retrying";

    /// <summary>The operator has not read the repositories yet, whose webhooks these are.</summary>
    public const string Starting = "Starting";
}

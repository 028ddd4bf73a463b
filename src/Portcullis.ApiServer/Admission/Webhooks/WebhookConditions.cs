namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>
/// <c>matchConditions</c> are CEL over the whole request. They are not evaluated here: a configuration that has any is refused when
/// it is written, so that none is ever silently passed over.
/// </summary>
internal static class WebhookConditions
{
    /// <summary>What is wrong with an expression; null when it can be used.</summary>
    public static string? Problem(string expression) =>
        $"this API server does not evaluate match conditions; select by rules, namespaceSelector and objectSelector instead of '{expression}'";
}

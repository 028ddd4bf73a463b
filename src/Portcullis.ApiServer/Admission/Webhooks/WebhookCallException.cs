namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>A webhook could not be asked, or its answer could not be understood: what <c>failurePolicy</c> decides about.</summary>
internal sealed class WebhookCallException(string message) : Exception(message)
{
    /// <summary>As kube-apiserver words it in the 500.</summary>
    public AdmissionDeniedException ToDenial(Webhook webhook) =>
        Denial.Internal($"failed calling webhook \"{webhook.Name}\": {Message}");
}

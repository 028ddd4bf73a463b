using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>A word that a program may branch on, from an exception's kind, never from its text.</summary>
public static class FailureReasons
{
    public static string Of(Exception error) => error switch
    {
        KubernetesApiException { Reason: { Length: > 0 } reason } => reason,
        HttpRequestException => Reasons.Unreachable,
        TimeoutException => Reasons.TimedOut,
        _ => Reasons.Failed,
    };
}

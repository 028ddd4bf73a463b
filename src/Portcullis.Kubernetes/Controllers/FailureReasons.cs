using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Queues;

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

    /// <summary>The longest pause after a failure of this reason, short where nothing says that it passed; null for as long as the queue's back-off grows.</summary>
    public static TimeSpan? LongestPause(string reason, bool isAway) =>
        reason is Reasons.Forbidden or Reasons.ForeignObject ? WorkQueueOptions.LongestPauseWhileForbidden : isAway ? WorkQueueOptions.LongestPauseWhileAway : null;
}

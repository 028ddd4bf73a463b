using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Leadership;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;

namespace Portcullis.Sources.Receive;

/// <summary>
/// Answers a forge that tells of a push. The body is checked and thrown away: a notice can make a source look at its repository now,
/// and nothing else. Works on every copy of the program; one that does not lead passes the wish on by annotation.
/// </summary>
internal sealed partial class WebhookReceiver(
    IStore<GitSource> sources,
    ReceiverTokens tokens,
    NotificationLimits limits,
    SourceTrigger wakening,
    EventRecorder events,
    ILogger<WebhookReceiver> logger)
    : INoticeReceiver
{
    public string PathPrefix => ReceiverPaths.Prefix;

    public async Task<int> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var path = request.Path.Value ?? "";
        if (Find(path) is not var (source, receiver))
        {
            return StatusCodes.Status404NotFound;
        }

        if (await NoticeBody.ReadAsync(request, cancellationToken) is not { } body)
        {
            return StatusCodes.Status413PayloadTooLarge;
        }

        string token;
        try
        {
            token = await tokens.OfAsync(path, source, receiver, cancellationToken);
        }
        catch (BoundSecretException e)
        {
            Refuse(source, receiver, path, e.Message);
            return StatusCodes.Status404NotFound;
        }

        if (!NotificationSignature.IsGood(receiver.Type, request.Headers, body, token))
        {
            if (Refuse(source, receiver, path, NotificationSignature.WhyRefused(receiver, request.Headers)))
            {
                Log.Refused(logger, source.Key.Name, request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "");
            }

            return StatusCodes.Status401Unauthorized;
        }

        // Good ones alone count: whoever knows the path but not the token cannot use up what is its sender's.
        return !limits.Take(path) ? StatusCodes.Status429TooManyRequests
            : NotificationSignature.IsWanted(receiver, request.Headers) ? await TakeAsync(source, receiver, request, NotificationSignature.SignedBy(receiver.Type, request.Headers, body, token), cancellationToken)
            : StatusCodes.Status202Accepted;
    }

    private async Task<int> TakeAsync(GitSource source, GitReceiver receiver, HttpRequest request, string? signed, CancellationToken cancellationToken)
    {
        switch (limits.Judge(source.Key.Name, NotificationSignature.IdOf(request.Headers), signed))
        {
            case NoticeKind.Copied:
                Refuse(source, receiver, request.Path.Value ?? "", "the same content was received before under another delivery id");
                return StatusCodes.Status409Conflict;
            case NoticeKind.New:
                await wakening.WakeAsync(source.Key, cancellationToken);
                Log.Received(logger, source.Key.Name);
                break;
        }

        return StatusCodes.Status202Accepted;
    }

    /// <summary>Whoever set up the forge looks at the source, not into the log. Without the sender's address, so that repetitions are one Event.</summary>
    /// <returns>False when there were too many to tell each.</returns>
    private bool Refuse(GitSource source, GitReceiver receiver, string path, string reason)
    {
        if (!limits.Take($"refused {path}"))
        {
            return false;
        }

        var index = source.Spec.Receivers!.TakeWhile(r => r != receiver).Count();
        events.Record(
            GitSource.Definition,
            source.Metadata,
            new ReportedEvent(true, SourceReasons.NotificationRefused, $"a push notification for spec.receivers[{index}] was refused: {reason}"));
        return true;
    }

    private (GitSource Source, GitReceiver Receiver)? Find(string path)
    {
        foreach (var source in sources.List())
        {
            var paths = source.Status?.ReceiverPaths ?? [];
            for (var i = 0; i < Math.Min(paths.Count, source.Spec.Receivers?.Count ?? 0); i++)
            {
                if (paths[i].Length > 0
                    && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(paths[i]), Encoding.UTF8.GetBytes(path))
                    && source.Spec.Suspend != true)
                {
                    return (source, source.Spec.Receivers![i]);
                }
            }
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(4020, LogLevel.Information, "GitSource {Source}: a push was reported")]
        public static partial void Received(ILogger logger, string source);

        [LoggerMessage(4021, LogLevel.Warning, "GitSource {Source}: a notice from {Address} was not signed as agreed")]
        public static partial void Refused(ILogger logger, string source, string address);
    }
}

/// <summary>Has a source reconciled: here when this copy leads, else by the annotation that the leader watches.</summary>
internal sealed class SourceTrigger(SourceStates states, ReconcileTrigger<GitSource> trigger, Leader leader, KubernetesClient client, TimeProvider time)
{
    public async Task WakeAsync(ObjectKey source, CancellationToken cancellationToken)
    {
        states.Of(source).Fetch.Nudge();
        if (leader.IsLeading)
        {
            trigger.Enqueue(source);
            return;
        }

        await client.RequestReconcileAsync(GitSource.Definition, source, time, cancellationToken);
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Observability;
using Portcullis.Kubernetes.Queues;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>A running controller, as the host and the health endpoint see it.</summary>
public interface IControllerLoop
{
    string Name { get; }

    /// <summary>Runs until cancelled; ends early only by a defect of the loop itself.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>A key whose visit did not even end after its time was up and it was told to; null when there is none.</summary>
    string? Wedged();
}

/// <summary>
/// Takes keys from the queue and visits their objects, with so many workers, until told to stop. It alone maps what came of a
/// visit to the queue, metrics, spans and logs. Nothing that a visit throws ends it.
/// </summary>
internal sealed partial class ControllerLoop<T, TStatus>(
    ControllerBuilder<T> settings,
    IStore<T> store,
    ControllerQueue<T> queue,
    ReconcileVisit<T, TStatus> visit,
    ControllerSurroundings<T, TStatus> around,
    ILogger logger) : IControllerLoop
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    /// <summary>After so many conflicts in a row it is no coincidence any more.</summary>
    private const int ConflictLimit = 10;

    /// <summary>How long a cancelled visit may take to end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ObjectKey, long> _inHand = new();
    private readonly ConcurrentDictionary<ObjectKey, int> _conflicts = new();

    public string Name => settings.Name;

    public string? Wedged()
    {
        foreach (var (key, since) in _inHand)
        {
            if (around.Time.GetElapsedTime(since) > settings.Timeout + Grace)
            {
                return $"{Name} {key}";
            }
        }

        return null;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // First the watches, then everything there is: a change between the two is seen twice rather than not at all.
        using var own = store.Subscribe(OnOwnChange);
        var maps = settings.Maps.Select(m => m.Connect(around.Services, key => queue.Work.Add(key))).ToList();
        try
        {
            foreach (var resource in store.List())
            {
                queue.Work.Add(resource.Metadata.Key, WorkPriority.Background);
            }

            await Task.WhenAll(Enumerable.Range(0, settings.Workers).Select(_ => WorkAsync(cancellationToken)));
        }
        finally
        {
            maps.ForEach(m => m.Dispose());
        }
    }

    private void OnOwnChange(Change<T> change)
    {
        if (!_inHand.ContainsKey(change.Key))
        {
            around.Statuses.Forget(change.Key, change.After?.Metadata.ResourceVersion);
        }

        if (OwnChange.Matters(change.Before?.Metadata, change.After?.Metadata))
        {
            queue.Work.Add(change.Key, change.Initial ? WorkPriority.Background : WorkPriority.Live, fresh: true);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Off the host's start: the first visit must not hold up the start of the others.
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await queue.Work.TakeAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _inHand[key] = around.Time.GetTimestamp();
            try
            {
                await ProcessAsync(key, cancellationToken);
            }
            finally
            {
                _inHand.TryRemove(key, out _);
                around.Statuses.Forget(key, store.Get(key)?.Metadata.ResourceVersion);
                queue.Work.Done(key);
            }
        }
    }

    private async Task ProcessAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (store.Get(key) is not { } resource)
        {
            queue.Work.Forget(key);
            around.Telemetry.Gone(T.Definition.Kind, key);
            return;
        }

        using var span = ReconcileTelemetry.Source.StartActivity(Name);
        span?.SetTag("k8s.object.key", key.ToString());
        using var scope = logger.BeginScope(new Dictionary<string, object>
        {
            ["Controller"] = Name,
            ["Namespace"] = key.Namespace,
            ["Name"] = key.Name,
            ["ReconcileId"] = span?.SpanId.ToString() ?? "",
        });
        around.Telemetry.Started(Name);
        var started = around.Time.GetTimestamp();
        var result = await VisitAsync(resource, cancellationToken);
        around.Telemetry.Finished(Name, T.Definition.Kind, key, Conclude(key, resource, result), around.Time.GetElapsedTime(started));
    }

    private async Task<VisitResult?> VisitAsync(T resource, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, around.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Exception error;
        try
        {
            return await visit.RunAsync(resource, either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            error = new TimeoutException($"The visit took longer than {settings.Timeout} and was given up.");
        }
        catch (KubernetesApiException e) when (e.IsConflict && e.Reason != "AlreadyExists" && Conflicts(resource.Metadata.Key) < ConflictLimit)
        {
            return new VisitResult.Conflict();
        }
#pragma warning disable CA1031 // whatever a reconciler throws is one object's failure, never the loop's
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
        }

        Log.Failed(logger, T.Definition.Kind, resource.Metadata.Key, around.Options.Sanitize(error.Message), around.Options.Sanitize(error.ToString()));
        return await TellFailureAsync(resource, error, cancellationToken);
    }

    private async Task<VisitResult?> TellFailureAsync(T resource, Exception error, CancellationToken cancellationToken)
    {
        try
        {
            return await visit.FailAsync(resource, error, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // the telling failed as well (the API is away, or the object is): the key comes back all the same
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.NotTold(logger, T.Definition.Kind, resource.Metadata.Key, around.Options.Sanitize(e.Message));
            return new VisitResult.Failed(ConditionTypes.False, error is HttpRequestException);
        }
    }

    /// <summary>Tells the queue, and returns the word controller-runtime counts by.</summary>
    private string Conclude(ObjectKey key, T resource, VisitResult? result)
    {
        switch (result)
        {
            case VisitResult.Done done:
                _conflicts.TryRemove(key, out _);
                queue.Work.Forget(key);
                around.Telemetry.Told(T.Definition.Kind, key, done.Ready, resource.IsSuspended);
                if (done.ComeBackIn is { } interval)
                {
                    queue.Work.AddAfter(key, Jitter.Of(interval));
                    return "requeue_after";
                }

                return "success";
            case VisitResult.Conflict:
                queue.Work.AddAfter(key, TimeSpan.FromMilliseconds(50 + RandomNumberGenerator.GetInt32(150)), WorkPriority.Live);
                return "requeue";
            case VisitResult.Failed failed:
                _conflicts.TryRemove(key, out _);
                queue.Work.Failed(key, failed.IsAway ? Backoff.LongestWhileAway : null);
                around.Telemetry.Told(T.Definition.Kind, key, failed.Ready, resource.IsSuspended);
                return "error";
            default:
                return "cancelled";
        }
    }

    private int Conflicts(ObjectKey key) => _conflicts.AddOrUpdate(key, 1, (_, count) => count + 1);

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "{Kind} {Key} failed: {Error}{Details}")]
        private static partial void FailedCore(ILogger logger, string kind, ObjectKey key, string error, string details);

        [LoggerMessage(1102, LogLevel.Warning, "The failure of {Kind} {Key} could not be told in its status: {Error}")]
        public static partial void NotTold(ILogger logger, string kind, ObjectKey key, string error);

        /// <summary>The stack only where somebody debugs.</summary>
        public static void Failed(ILogger logger, string kind, ObjectKey key, string error, string details) =>
            FailedCore(logger, kind, key, error, logger.IsEnabled(LogLevel.Debug) ? "\n" + details : "");
    }
}

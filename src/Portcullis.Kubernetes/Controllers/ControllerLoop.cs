using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Observability;
using Portcullis.Kubernetes.Queues;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Takes keys from the queue and reconciles their objects, with so many workers, until cancelled. It alone maps the result of a
/// reconcile to the queue, metrics, spans and logs. Nothing that a reconciler throws ends it.
/// </summary>
internal sealed partial class ControllerLoop<T, TStatus> : IControllerLoop
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    /// <summary>After so many conflicts in a row it is no coincidence any more.</summary>
    private const int ConflictLimit = 10;

    private readonly ControllerBuilder<T> _settings;
    private readonly IStore<T> _store;
    private readonly WorkQueue<ObjectKey> _queue;
    private readonly ObjectReconcile<T, TStatus> _reconcile;
    private readonly ControllerDependencies<T, TStatus> _dependencies;
    private readonly ILogger _logger;
    private readonly Worker<ObjectKey> _worker;
    private readonly ConcurrentDictionary<ObjectKey, int> _conflicts = new();

    public ControllerLoop(
        ControllerBuilder<T> settings,
        IStore<T> store,
        ReconcileTrigger<T> trigger,
        ObjectReconcile<T, TStatus> reconcile,
        ControllerDependencies<T, TStatus> dependencies,
        ILogger logger)
    {
        _settings = settings;
        _store = store;
        _queue = trigger.Queue;
        _reconcile = reconcile;
        _dependencies = dependencies;
        _logger = logger;
        _worker = new Worker<ObjectKey>(settings.Name, settings.Timeout, _queue, dependencies.Time);
    }

    public string Name => _settings.Name;

    public string? FindStuck() => _worker.FindStuck();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // First the watches, then everything there is: a change between the two is seen twice rather than not at all.
        using var own = _store.Subscribe(OnOwnChange);
        using var lists = _store.WhenListed(_dependencies.Statuses.Doubt);
        using var declarations = _dependencies.Gate?.Subscribe(key => _queue.Add(key, fresh: true));
        var maps = _settings.Maps.Select(m => m.Connect(_dependencies.Services, key => _queue.Add(key, fresh: m.EndsBackOff))).ToList();
        try
        {
            foreach (var resource in _store.List())
            {
                _queue.Add(resource.Metadata.Key, WorkPriority.Background);
            }

            await _worker.RunAsync(_settings.Workers, ProcessAsync, cancellationToken);
        }
        finally
        {
            maps.ForEach(m => m.Dispose());
        }
    }

    private void OnOwnChange(Change<T> change)
    {
        _dependencies.Statuses.Observe(change);
        if (OwnChange.Matters(change.Before?.Metadata, change.After?.Metadata))
        {
            _queue.Add(change.Key, change.Initial ? WorkPriority.Background : WorkPriority.Live, fresh: true);
        }
    }

    private async Task ProcessAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var telemetry = _dependencies.Telemetry;
        if (_store.Get(key) is not { } resource)
        {
            _queue.Forget(key);
            telemetry.Gone(T.Definition.Kind, key);
            return;
        }

        using var span = ReconcileTelemetry.Source.StartActivity(Name);
        span?.SetTag("k8s.object.key", key.ToString());
        using var scope = _logger.BeginScope(new Dictionary<string, object>
        {
            ["Controller"] = Name,
            ["Namespace"] = key.Namespace,
            ["Name"] = key.Name,
            ["ReconcileId"] = span?.SpanId.ToString() ?? "",
        });
        telemetry.Started(Name);
        var started = _dependencies.Time.GetTimestamp();
        var result = await ReconcileAsync(resource, cancellationToken);
        telemetry.Finished(Name, T.Definition.Kind, key, Conclude(key, resource, result), _dependencies.Time.GetElapsedTime(started));
    }

    /// <summary>Null when the program stops.</summary>
    private async Task<ReconcileResult?> ReconcileAsync(T resource, CancellationToken cancellationToken)
    {
        ReconcileResult? result = null;
        var attempt = await _worker.AttemptAsync(
            resource.Metadata.Key, async token => result = await _reconcile.RunAsync(resource, _queue.WantedAt(resource.Metadata.Key), token), cancellationToken);
        return attempt switch
        {
            Attempt.Failed failed when IsPassingConflict(resource.Metadata.Key, failed.Error) => new ReconcileResult.Conflict(),
            Attempt.Failed failed => await ReportFailureAsync(resource, failed.Error, cancellationToken),
            _ => result,
        };
    }

    private async Task<ReconcileResult?> ReportFailureAsync(T resource, Exception error, CancellationToken cancellationToken)
    {
        var sanitize = _dependencies.Options.Sanitize;
        var isPerhapsGone = IsNotFound(error);
        if (!isPerhapsGone)
        {
            Log.Failed(_logger, T.Definition.Kind, resource.Metadata.Key, sanitize(error.Message), sanitize(error.ToString()));
        }

        ReconcileResult? result = null;
        var attempt = await _worker.AttemptAsync(
            resource.Metadata.Key, async token => result = await _reconcile.FailAsync(resource, error, token), cancellationToken);
        if (attempt is Attempt.Failed { Error: var refusal } && IsNotFound(refusal))
        {
            // The object was deleted meanwhile, which is no failure: the watch is about to show it.
            return new ReconcileResult.Done(null, ConditionTypes.Unknown);
        }

        if (isPerhapsGone)
        {
            Log.Failed(_logger, T.Definition.Kind, resource.Metadata.Key, sanitize(error.Message), sanitize(error.ToString()));
        }

        if (attempt is Attempt.Failed failed)
        {
            Log.NotReported(_logger, T.Definition.Kind, resource.Metadata.Key, sanitize(failed.Error.Message));
            return new ReconcileResult.Failed(ConditionTypes.False, FailureReasons.LongestPause(FailureReasons.Of(error), error is HttpRequestException));
        }

        return result;
    }

    /// <summary>Passes the result to the queue, and returns the word controller-runtime counts by.</summary>
    private string Conclude(ObjectKey key, T resource, ReconcileResult? result)
    {
        switch (result)
        {
            case ReconcileResult.Done done:
                _conflicts.TryRemove(key, out _);
                _queue.Forget(key);
                _dependencies.Telemetry.Reported(T.Definition.Kind, key, done.Ready, resource.IsSuspended);
                if (done.RequeueAfter is { } interval)
                {
                    _queue.AddAfter(key, Jitter.Around(interval));
                    return "requeue_after";
                }

                return "success";
            case ReconcileResult.Conflict:
                _queue.AddAfter(key, TimeSpan.FromMilliseconds(50 + RandomNumberGenerator.GetInt32(150)), WorkPriority.Live);
                return "requeue";
            case ReconcileResult.Failed failed:
                _conflicts.TryRemove(key, out _);
                _queue.Failed(key, failed.LongestPause);
                _dependencies.Telemetry.Reported(T.Definition.Kind, key, failed.Ready, resource.IsSuspended);
                return "error";
            default:
                return "cancelled";
        }
    }

    /// <summary>Somebody else wrote at the same moment. A create of what exists is no such thing.</summary>
    private bool IsPassingConflict(ObjectKey key, Exception error) =>
        error is KubernetesApiException { IsConflict: true, Reason: not "AlreadyExists" }
        && _conflicts.AddOrUpdate(key, 1, (_, count) => count + 1) < ConflictLimit;

    private static bool IsNotFound(Exception error) => error is KubernetesApiException { IsNotFound: true };

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "{Kind} {Key} failed: {Error}{Details}")]
        private static partial void FailedCore(ILogger logger, string kind, ObjectKey key, string error, string details);

        [LoggerMessage(1102, LogLevel.Warning, "The failure of {Kind} {Key} could not be written to its status: {Error}")]
        public static partial void NotReported(ILogger logger, string kind, ObjectKey key, string error);

        /// <summary>The stack only where somebody debugs.</summary>
        public static void Failed(ILogger logger, string kind, ObjectKey key, string error, string details) =>
            FailedCore(logger, kind, key, error, logger.IsEnabled(LogLevel.Debug) ? "\n" + details : "");
    }
}

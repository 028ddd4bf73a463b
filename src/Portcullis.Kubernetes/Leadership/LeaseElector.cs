using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Portcullis.Http.Messages;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Leadership;

/// <summary>
/// Holds a Lease (coordination.k8s.io/v1) as client-go's leader election does: acquire, renew, stop when renewing fails for too
/// long, release at the end. A peer's clock is never trusted: a Lease has expired when this process has watched the same record
/// for the whole duration by its own monotonic clock.
/// </summary>
internal sealed partial class LeaseElector(
    KubernetesClient client, LeaderElectionOptions options, string fieldManager, TimeProvider time, ILogger logger)
{
    private static readonly ApiResource Leases = new("coordination.k8s.io", "v1", "Lease", "leases", Namespaced: true);

    private readonly ObjectKey _key = new(options.Namespace, options.Name);
    private string? _observed;
    private long _observedAt;
    private TimeSpan _observedFor;

    /// <summary>The resourceVersion of the Lease as this process last wrote it; null when it must be read first.</summary>
    private string? _written;
    private long _writtenAt;
    private bool _isAnothers;

    /// <summary>Returns when leadership is lost or, after releasing the Lease, when cancelled.</summary>
    public async Task RunAsync(Action acquired, CancellationToken cancellationToken)
    {
        try
        {
            while (!await TryWithinAsync(options.RenewDeadline, cancellationToken))
            {
                await Task.Delay(UntilNextLook(), time, cancellationToken);
            }

            Log.Acquired(logger, options.Identity, _key);
            acquired();
            await RenewAsync(cancellationToken);
            Log.Lost(logger, options.Identity, _key);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync();
        }
    }

    /// <summary>At the retry period, and exactly when what is observed runs out.</summary>
    private TimeSpan UntilNextLook()
    {
        var left = _observed is null ? options.RetryPeriod : _observedFor - time.GetElapsedTime(_observedAt);
        return left > TimeSpan.Zero && left < options.RetryPeriod ? left : options.RetryPeriod;
    }

    /// <summary>Returns when the Lease is another's, or could not be renewed in time.</summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(options.RetryPeriod, time, cancellationToken);
            var left = options.RenewDeadline - time.GetElapsedTime(_writtenAt);
            var isRenewed = left > TimeSpan.Zero && await TryWithinAsync(left, cancellationToken);
            if (!isRenewed && (_isAnothers || time.GetElapsedTime(_writtenAt) >= options.RenewDeadline))
            {
                return;
            }
        }
    }

    /// <summary>A server that hangs must not carry a leader past its deadline, nor keep another copy from taking over.</summary>
    private async Task<bool> TryWithinAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await TryAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>One attempt to take or renew the Lease. False when another holds it, or the server did not let us.</summary>
    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        // Before the request: others may have seen its effect long before its answer arrives here.
        var began = time.GetTimestamp();
        try
        {
            if (await WriteAsync(cancellationToken) is not { } lease)
            {
                return false;
            }

            (_written, _writtenAt) = (lease.Object("metadata").String("resourceVersion"), began);
            return true;
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            _written = null;
            if (e is not KubernetesApiException { IsConflict: true })
            {
                Log.CannotReach(logger, _key, MessageSanitizer.Clean(e.Message));
            }

            return false;
        }
    }

    /// <summary>The Lease as it was written; null when another holds it.</summary>
    private async Task<JsonObject?> WriteAsync(CancellationToken cancellationToken)
    {
        if (_written is { } version && await RenewUnreadAsync(version, cancellationToken) is { } renewed)
        {
            return renewed;
        }

        var lease = await client.GetAsync(Leases, _key, cancellationToken);
        if (lease is null)
        {
            return await client.CreateAsync(Leases, NewLease(), new WriteOptions(fieldManager), cancellationToken);
        }

        var spec = lease.Object("spec") ?? [];
        var holder = spec.String("holderIdentity") ?? "";
        _isAnothers = holder.Length > 0 && holder != options.Identity;
        return _isAnothers && !HasRunOut(spec)
            ? null
            : await client.MergePatchAsync(Leases, _key, Take(lease, spec, holder), new WriteOptions(fieldManager), cancellationToken);
    }

    /// <summary>Without reading it first; null when somebody has written it since.</summary>
    private async Task<JsonObject?> RenewUnreadAsync(string version, CancellationToken cancellationToken)
    {
        var renewal = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = version },
            ["spec"] = new JsonObject { ["renewTime"] = Now() },
        };
        try
        {
            return await client.MergePatchAsync(Leases, _key, renewal, new WriteOptions(fieldManager), cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsConflict || e.IsNotFound)
        {
            return null;
        }
    }

    private bool HasRunOut(JsonObject spec)
    {
        var record = KubernetesJson.ToText(spec);
        if (record != _observed)
        {
            _observedAt = time.GetTimestamp();
            _observed = record;
            _observedFor = spec["leaseDurationSeconds"] is JsonValue value && value.TryGetValue(out int seconds)
                ? TimeSpan.FromSeconds(seconds)
                : options.LeaseDuration;
            return false;
        }

        return time.GetElapsedTime(_observedAt) >= _observedFor;
    }

    private JsonObject NewLease() => new()
    {
        ["apiVersion"] = Leases.ApiVersion,
        ["kind"] = Leases.Kind,
        ["metadata"] = new JsonObject { ["name"] = options.Name, ["namespace"] = options.Namespace },
        ["spec"] = Spec(acquireTime: Now(), transitions: 0),
    };

    /// <summary>Names the version it was decided on: of two that take it at once, one gets a 409.</summary>
    private JsonObject Take(JsonObject lease, JsonObject spec, string holder)
    {
        var transitions = spec["leaseTransitions"] is JsonValue value && value.TryGetValue(out int count) ? count : 0;
        var taken = holder == options.Identity
            ? new JsonObject { ["renewTime"] = Now() }
            : Spec(acquireTime: Now(), transitions + 1);
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = lease.Object("metadata").String("resourceVersion") },
            ["spec"] = taken,
        };
    }

    private JsonObject Spec(string acquireTime, int transitions) => new()
    {
        ["holderIdentity"] = options.Identity,
        ["leaseDurationSeconds"] = (int)options.LeaseDuration.TotalSeconds,
        ["acquireTime"] = acquireTime,
        ["renewTime"] = acquireTime,
        ["leaseTransitions"] = transitions,
    };

    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            var lease = await client.GetAsync(Leases, _key, limit.Token);
            if (lease is null || lease.Object("spec").String("holderIdentity") != options.Identity)
            {
                return;
            }

            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = lease.Object("metadata").String("resourceVersion") },
                ["spec"] = new JsonObject { ["holderIdentity"] = "", ["leaseDurationSeconds"] = 1, ["renewTime"] = Now() },
            };
            await client.MergePatchAsync(Leases, _key, patch, new WriteOptions(fieldManager), limit.Token);
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException or OperationCanceledException)
        {
            Log.NotReleased(logger, _key, MessageSanitizer.Clean(e.Message));
        }
    }

    private string Now() => KubernetesJson.MicroTime(time.GetUtcNow());

    private static partial class Log
    {
        [LoggerMessage(1401, LogLevel.Information, "{Identity} became the leader: it acquired the lease {Lease}")]
        public static partial void Acquired(ILogger logger, string identity, ObjectKey lease);

        [LoggerMessage(1402, LogLevel.Error, "{Identity} is no longer the leader: the lease {Lease} could not be renewed in time, or another copy has it")]
        public static partial void Lost(ILogger logger, string identity, ObjectKey lease);

        [LoggerMessage(1403, LogLevel.Warning, "The lease {Lease} cannot be read or written: {Error}")]
        public static partial void CannotReach(ILogger logger, ObjectKey lease, string error);

        [LoggerMessage(1404, LogLevel.Warning, "The lease {Lease} could not be released: {Error}")]
        public static partial void NotReleased(ILogger logger, ObjectKey lease, string error);
    }
}

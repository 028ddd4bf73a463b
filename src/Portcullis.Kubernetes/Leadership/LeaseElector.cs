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

    /// <summary>Returns when leadership is lost or, after releasing the Lease, when cancelled.</summary>
    public async Task RunAsync(Action acquired, CancellationToken cancellationToken)
    {
        try
        {
            while (!await TryAsync(cancellationToken))
            {
                await Task.Delay(options.RetryPeriod, time, cancellationToken);
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

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var renewed = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(options.RetryPeriod, time, cancellationToken);
            var left = options.RenewDeadline - time.GetElapsedTime(renewed);
            if (left > TimeSpan.Zero && await TryWithinAsync(left, cancellationToken))
            {
                renewed = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(renewed) >= options.RenewDeadline)
            {
                return;
            }
        }
    }

    /// <summary>A server that hangs must not carry a leader past its deadline.</summary>
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
        try
        {
            var lease = await client.GetAsync(Leases, _key, cancellationToken);
            if (lease is null)
            {
                await client.CreateAsync(Leases, NewLease(), new WriteOptions(fieldManager), cancellationToken);
                return true;
            }

            var spec = lease.Object("spec") ?? [];
            var holder = spec.String("holderIdentity") ?? "";
            if (holder.Length > 0 && holder != options.Identity && !HasRunOut(spec))
            {
                return false;
            }

            await client.MergePatchAsync(Leases, _key, Take(lease, spec, holder), new WriteOptions(fieldManager), cancellationToken);
            return true;
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            if (e is not KubernetesApiException { IsConflict: true })
            {
                Log.CannotReach(logger, _key, MessageSanitizer.Clean(e.Message));
            }

            return false;
        }
    }

    private bool HasRunOut(JsonObject spec)
    {
        var record = KubernetesJson.ToText(spec);
        if (record != _observed)
        {
            _observed = record;
            _observedAt = time.GetTimestamp();
            return false;
        }

        var duration = spec["leaseDurationSeconds"] is JsonValue value && value.TryGetValue(out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : options.LeaseDuration;
        return time.GetElapsedTime(_observedAt) >= duration;
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

        [LoggerMessage(1402, LogLevel.Error, "{Identity} could not renew the lease {Lease} in time and is no longer the leader")]
        public static partial void Lost(ILogger logger, string identity, ObjectKey lease);

        [LoggerMessage(1403, LogLevel.Warning, "The lease {Lease} cannot be read or written: {Error}")]
        public static partial void CannotReach(ILogger logger, ObjectKey lease, string error);

        [LoggerMessage(1404, LogLevel.Warning, "The lease {Lease} could not be released: {Error}")]
        public static partial void NotReleased(ILogger logger, ObjectKey lease, string error);
    }
}

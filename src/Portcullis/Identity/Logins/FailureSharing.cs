using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Identity.Logins;

/// <summary>
/// Writes what this copy counted, at most once a second and only after log-ins have failed. No copy writes another's key, but for removing one that has
/// had nothing to say for longer than anything counts.
/// </summary>
internal sealed partial class FailureSharing(
    LoginLimits limits, IStore<FailedLoginMap> maps, KubernetesClient client, GatewayCopy self, TimeProvider time, ILogger<FailureSharing> logger) : BackgroundService
{
    /// <summary>Of a ConfigMap with its 1 MiB, so that some dozens of copies have room.</summary>
    private const int MostShared = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly ObjectKey Key = new(WellKnown.SystemNamespace, FailedLoginMap.Name);

    private readonly SemaphoreSlim _failed = new(0);

    public override void Dispose()
    {
        base.Dispose();
        _failed.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        limits.WhenFailed(Signal);
        while (true)
        {
            await _failed.WaitAsync(stoppingToken);
            if (!await TryShareAsync(stoppingToken))
            {
                Signal();
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private void Signal()
    {
        // One signal is enough for any number of failures.
        if (_failed.CurrentCount == 0)
        {
            _failed.Release();
        }
    }

    private async Task<bool> TryShareAsync(CancellationToken cancellationToken)
    {
        var data = new JsonObject { [self.Name] = JsonSerializer.Serialize([.. limits.Own().Take(MostShared)], FailedLoginsJsonContext.Default.IReadOnlyListFailureCount) };
        foreach (var stale in Stale())
        {
            data[stale] = null;
        }

        try
        {
            await WriteAsync(data, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or KubernetesApiException)
        {
            Log.NotShared(logger, FailedLoginMap.Name, e.Message);
            return false;
        }
    }

    private async Task WriteAsync(JsonObject data, CancellationToken cancellationToken)
    {
        var options = new WriteOptions(WellKnown.Managers.Gateway);
        try
        {
            await client.MergePatchAsync(ClusterKinds.ConfigMap, Key, new JsonObject { ["data"] = data }, options, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            await client.CreateAsync(ClusterKinds.ConfigMap, New(self.Name, data[self.Name]!.DeepClone()), options, cancellationToken);
        }
    }

    private IEnumerable<string> Stale() =>
        (maps.Get(Key)?.Data ?? new Dictionary<string, string>())
        .Where(d => d.Key != self.Name && OtherFailures.Parse(d.Value).All(f => time.GetUtcNow() - f.Since > 2 * LoginLimits.Window))
        .Select(d => d.Key);

    private static JsonObject New(string copy, JsonNode own) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = Key.Name,
            ["namespace"] = Key.Namespace,
            ["labels"] = new JsonObject { [WellKnown.Labels.Gateway] = FailedLoginMap.Purpose },
        },
        ["data"] = new JsonObject { [copy] = own },
    };

    private static partial class Log
    {
        [LoggerMessage(6305, LogLevel.Warning, "Failed log-ins are not shared with the other gateways: the ConfigMap {Map} cannot be written: {Message}")]
        public static partial void NotShared(ILogger logger, string map, string message);
    }
}

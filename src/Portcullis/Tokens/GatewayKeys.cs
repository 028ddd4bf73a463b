using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Tokens;

/// <summary>Follows the Secret with the keys, and makes what is missing in it. Of several gateways that do so at once one wins, and all use its key.</summary>
internal sealed partial class GatewayKeys(IStore<GatewayKeySecret> secrets, KubernetesClient client, TimeProvider time, ILogger<GatewayKeys> logger) : BackgroundService, IGatewayKeys
{
    private static readonly ObjectKey Key = new(WellKnown.SystemNamespace, GatewayKeySecret.Name);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _changed = new(1);
    private volatile GatewayKeySet? _keys;

    public GatewayKeySet? Keys => _keys;

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await secrets.WaitUntilSyncedAsync(stoppingToken);
        using var subscription = secrets.Subscribe(_ => _changed.Release());
        while (true)
        {
            await _changed.WaitAsync(stoppingToken);
            while (!await TryRefreshAsync(stoppingToken))
            {
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    /// <summary>False when it has to be tried again.</summary>
    private async Task<bool> TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var secret = secrets.Get(Key);
            if (secret?.Pem(GatewayKeySecret.CurrentKey) is not { } current)
            {
                await MakeAsync(secret, cancellationToken);

                // The watch brings what was made, here or by another gateway.
                return true;
            }

            Use(current, secret.Pem(GatewayKeySecret.PreviousKey));
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or KubernetesApiException)
        {
            Log.NotWritten(logger, GatewayKeySecret.Name, e.Message);
            return false;
        }
        catch (CryptographicException e)
        {
            // What was read before stays in force until somebody repairs the Secret.
            Log.NotReadable(logger, GatewayKeySecret.Name, e.Message);
            return true;
        }
    }

    private void Use(string current, string? previous)
    {
        var keys = new[] { current, previous }.OfType<string>().Select(pem => new Es256Key(Es256Key.FromPem(pem))).ToList();
        if (!keys.Select(k => k.Id).SequenceEqual(_keys?.Accepted.Select(k => k.Id) ?? []))
        {
            // Those before are left to the garbage collector: a request may be signing with one.
            _keys = new GatewayKeySet(keys[0], keys);
            Log.Read(logger, keys.Count);
        }
    }

    private async Task MakeAsync(GatewayKeySecret? secret, CancellationToken cancellationToken)
    {
        var key = new JsonObject { [GatewayKeySecret.CurrentKey] = Convert.ToBase64String(Encoding.ASCII.GetBytes(Es256Key.NewPem())) };
        var options = new WriteOptions(WellKnown.Managers.Gateway);
        try
        {
            _ = secret is null
                ? await client.CreateAsync(ClusterKinds.Secret, New(key), options, cancellationToken)
                : await client.MergePatchAsync(ClusterKinds.Secret, Key, Completed(secret, key), options, cancellationToken);
            Log.Made(logger, GatewayKeySecret.Name);
        }
        catch (KubernetesApiException e) when (e.IsConflict)
        {
            // Another gateway was first.
        }
    }

    private static JsonObject New(JsonObject data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject
        {
            ["name"] = Key.Name,
            ["namespace"] = Key.Namespace,
            ["labels"] = new JsonObject { [WellKnown.Labels.Gateway] = GatewayKeySecret.Purpose },
        },
        ["type"] = "Opaque",
        ["data"] = data,
    };

    /// <summary>On condition that nobody else completed it meanwhile.</summary>
    private static JsonObject Completed(GatewayKeySecret secret, JsonObject data) =>
        new() { ["metadata"] = new JsonObject { ["resourceVersion"] = secret.Metadata.ResourceVersion }, ["data"] = data };

    private static partial class Log
    {
        [LoggerMessage(6311, LogLevel.Information, "The Secret {Secret} has a new key for clients' tokens")]
        public static partial void Made(ILogger logger, string secret);

        [LoggerMessage(6312, LogLevel.Information, "{Count} keys for clients' tokens are in force")]
        public static partial void Read(ILogger logger, int count);

        [LoggerMessage(6313, LogLevel.Warning, "The Secret {Secret} cannot be written: {Message}")]
        public static partial void NotWritten(ILogger logger, string secret, string message);

        [LoggerMessage(6314, LogLevel.Error, "The Secret {Secret} does not hold the keys that it should: {Message}; the keys read before stay in force")]
        public static partial void NotReadable(ILogger logger, string secret, string message);
    }
}

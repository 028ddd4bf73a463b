using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Controllers;

/// <summary>Forgets Events an hour after they were last written (kube-apiserver <c>--event-ttl</c>), past admission as etcd's leases do.</summary>
internal sealed class EventExpiry(IObjectStore store, TimeProvider time) : IBuiltInController
{
    private const string Sweep = "sweep";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public string Name => "event-expiry";

    public IEnumerable<string> AllKeys() => [Sweep];

    public IEnumerable<string> KeysFor(StoreEvent change) => [];

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Lifetime;
        foreach (var stored in store.List(PolicyKinds.Event))
        {
            if (LastWritten(stored.Object) <= before)
            {
                _ = await store.DeleteAsync(stored.Resource, stored.Key, stored.Version, cancellationToken);
            }
        }

        return Pause;
    }

    /// <summary>
    /// By the server's own clock (creation, the managers' times); what a client wrote into the event is when something happened, not
    /// when it was recorded.
    /// </summary>
    private static DateTimeOffset LastWritten(JsonObject value)
    {
        var metadata = value.Object("metadata");
        var written = (metadata.Array("managedFields") ?? []).Select(entry => entry.String("time")).Append(metadata.String("creationTimestamp"));
        return written
            .Select(text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.MinValue)
            .Max();
    }
}

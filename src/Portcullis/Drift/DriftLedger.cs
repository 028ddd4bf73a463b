using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portcullis.Core.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Drift;

/// <summary>
/// Tells a change of mind from a change of the world. It remembers what was last put in place for each object: when an object differs from
/// exactly that, somebody else changed it, and the Event of the revert names them. Memory only; after a restart an object that differs is
/// drift when its managedFields say that somebody else holds what we had written.
/// </summary>
internal sealed class DriftLedger(KubernetesClient client, IEditLog edits)
{
    private readonly ConcurrentDictionary<(string Resource, ObjectKey Key), UInt128> _inPlace = new();

    public void InPlace(ApiResource resource, ObjectKey key, JsonObject body) => _inPlace[(resource.QualifiedPlural, key)] = Hash(body);

    public void Forget(ApiResource resource, ObjectKey key) => _inPlace.TryRemove((resource.QualifiedPlural, key), out _);

    /// <summary>Everything in a namespace.</summary>
    public void ForgetWithin(string @namespace)
    {
        foreach (var known in _inPlace.Keys.Where(k => k.Key.Namespace == @namespace))
        {
            _inPlace.TryRemove(known, out _);
        }
    }

    public bool Knows(ApiResource resource, ObjectKey key) => _inPlace.ContainsKey((resource.QualifiedPlural, key));

    /// <summary>
    /// Who changed the object away from <paramref name="body"/>; null when it was never so, or is so still and only the caller's store is behind.
    /// Must be asked before the revert, which takes the foreign manager's traces away. <paramref name="exists"/> is what the caller's store
    /// says; <paramref name="unwanted"/> are labels that must not be there, <paramref name="also"/> whatever else must hold of it.
    /// </summary>
    public async Task<Attribution?> AttributeAsync(
        ApiResource resource, ObjectKey key, JsonObject body, bool exists, CancellationToken cancellationToken, IReadOnlyList<string>? unwanted = null, Func<JsonObject, bool>? also = null)
    {
        var known = _inPlace.TryGetValue((resource.QualifiedPlural, key), out var hash);
        if (known ? hash != Hash(body) : !exists)
        {
            return null;
        }

        var live = await client.GetAsync(resource, key, cancellationToken);
        var labels = live.Object("metadata").Object("labels");
        if (DesiredState.Holds(body, live) && (unwanted ?? []).All(l => labels?.ContainsKey(l) != true) && (live is null || also?.Invoke(live) != false))
        {
            return null;
        }

        var by = DriftAttribution.Of(live, edits.LastEdit(resource, key), body, unwanted);
        return !known && !(live is null ? by.IsKnown : DriftAttribution.IsVisible(live, body, unwanted)) ? null
            : live is null ? by
            : by with { Fields = DriftedFields.Of(body, live, unwanted) };
    }

    /// <summary>Who changed an object last, whatever was wanted of it.</summary>
    public async Task<Attribution> LastChangeAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken) =>
        DriftAttribution.Of(await client.GetAsync(resource, key, cancellationToken), edits.LastEdit(resource, key));

    private static UInt128 Hash(JsonObject body) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(KubernetesJson.ToBytes(body)));
}

using System.Text.Json.Nodes;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Controllers;

/// <summary>Who is owned by whom, by uid: kept from events, so that an owner's dependents are found without looking at everything.</summary>
internal sealed class OwnerGraph
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ApiResource Resource, ObjectKey Key)> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _dependents = new(StringComparer.Ordinal);

    public (ApiResource Resource, ObjectKey Key)? Find(string uid)
    {
        lock (_lock)
        {
            return _objects.TryGetValue(uid, out var found) ? found : null;
        }
    }

    public IReadOnlyList<string> DependentsOf(string uid)
    {
        lock (_lock)
        {
            return _dependents.TryGetValue(uid, out var found) ? [.. found] : [];
        }
    }

    public IReadOnlyList<string> OwnersOf(string uid)
    {
        lock (_lock)
        {
            return _owners.GetValueOrDefault(uid) ?? [];
        }
    }

    public void Put(StoredObject stored)
    {
        var uid = UidOf(stored.Object);
        var owners = OwnerReferences(stored.Object).Select(owner => owner.String("uid") ?? "").ToList();
        lock (_lock)
        {
            Unlink(uid);
            _objects[uid] = (stored.Resource, stored.Key);
            if (owners.Count == 0)
            {
                return;
            }

            _owners[uid] = owners;
            foreach (var owner in owners)
            {
                if (!_dependents.TryGetValue(owner, out var dependents))
                {
                    _dependents[owner] = dependents = new HashSet<string>(StringComparer.Ordinal);
                }

                _ = dependents.Add(uid);
            }
        }
    }

    public void Remove(StoredObject stored)
    {
        var uid = UidOf(stored.Object);
        lock (_lock)
        {
            Unlink(uid);
            _ = _objects.Remove(uid);
        }
    }

    public static string UidOf(JsonObject value) => value.Object("metadata").String("uid") ?? "";

    public static IEnumerable<JsonObject> OwnerReferences(JsonObject value) =>
        value.Object("metadata").Array("ownerReferences")?.OfType<JsonObject>() ?? [];

    private void Unlink(string uid)
    {
        if (!_owners.Remove(uid, out var owners))
        {
            return;
        }

        foreach (var owner in owners)
        {
            if (_dependents.TryGetValue(owner, out var dependents) && dependents.Remove(uid) && dependents.Count == 0)
            {
                _ = _dependents.Remove(owner);
            }
        }
    }
}

using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// A store as the one who writes its objects must read it: what the watch has shown, and on top of it what this process wrote and the watch
/// has not shown yet. So a plan made from it does not repeat or undo the last write, however late the watch is.
/// </summary>
public sealed class ReadYourWritesStore
{
    private readonly UntypedStore _store;
    private readonly Expectations<JsonObject> _expected;
    private readonly string _namespaceIndex;
    private Action<ObjectKey>? _foreign;

    /// <summary>Listens for as long as the program runs: what changes while another copy leads counts as well.</summary>
    /// <param name="store">The store that the watch fills.</param>
    /// <param name="time">The clock.</param>
    /// <param name="namespaceIndex">The store's index by namespace, where <see cref="In"/> is asked.</param>
    public ReadYourWritesStore(UntypedStore store, TimeProvider time, string namespaceIndex = "namespace")
    {
        (_store, _namespaceIndex) = (store, namespaceIndex);
        _expected = new Expectations<JsonObject>(time, whenUndecided: key => _foreign?.Invoke(key));
        store.Subscribe(OnChange);
        store.WhenListed(OnListed);
    }

    /// <summary>One object; null when there is none.</summary>
    public JsonObject? Get(ObjectKey key)
    {
        // Asked before the store: an echo in between would leave neither.
        var expected = _expected.Find(key);
        return expected is null ? _store.Get(key) : Newer(expected, _store.Get(key));
    }

    /// <summary>The objects of a namespace, by name.</summary>
    public Dictionary<string, JsonObject> In(string @namespace)
    {
        var expected = _expected.In(@namespace);
        var shown = _store.Find(_namespaceIndex, @namespace).ToDictionary(o => o.Object("metadata").String("name")!, StringComparer.Ordinal);
        foreach (var one in expected)
        {
            if (Newer(one, shown.GetValueOrDefault(one.Key.Name)) is { } value)
            {
                shown[one.Key.Name] = value;
            }
            else
            {
                shown.Remove(one.Key.Name);
            }
        }

        return shown;
    }

    /// <summary>Every namespace that the watch has shown an object in.</summary>
    public IEnumerable<string> Namespaces() => _store.Keys().Select(k => k.Namespace).Distinct(StringComparer.Ordinal);

    /// <summary>Call before a write is sent, and dispose when it has ended.</summary>
    public ExpectedWrite<JsonObject> Begin(ObjectKey key) => _expected.Begin(key, _store.VersionOf(key));

    /// <summary>
    /// Calls back with each object that somebody else may have changed, until disposed. While a write of ours is under way, that is known only
    /// when it has ended.
    /// </summary>
    public IDisposable WhenChangedByOthers(Action<ObjectKey> react)
    {
        _foreign += react;
        return new Subscription(this, react);
    }

    private static JsonObject? Newer(Expected<JsonObject> expected, JsonObject? shown)
    {
        if (expected.Written is not { } written || !written.IsAheadOf(shown.Object("metadata").String("resourceVersion")))
        {
            return shown;
        }

        return written.IsDeletion ? null : (JsonObject?)written.Value?.DeepClone();
    }

    private void OnChange(Change<JsonObject> change)
    {
        if (_expected.Observe(change) == ChangeOrigin.Foreign)
        {
            _foreign?.Invoke(change.Key);
        }
    }

    private void OnListed()
    {
        foreach (var key in _expected.Doubt())
        {
            _foreign?.Invoke(key);
        }
    }

    private sealed class Subscription(ReadYourWritesStore store, Action<ObjectKey> react) : IDisposable
    {
        public void Dispose() => store._foreign -= react;
    }
}

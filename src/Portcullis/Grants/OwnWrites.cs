using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Grants;

/// <summary>
/// What this process wrote and the store does not show yet, so that nothing is written twice because the watch is a moment behind, and
/// nobody looks at the watch's echo of a write. The watch may be behind the answer to a write, or before it.
/// </summary>
internal sealed class OwnWrites
{
    private readonly ConcurrentDictionary<ObjectKey, Write> _underWay = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, Written>> _written = new(StringComparer.Ordinal);

    /// <summary>Before a write or deletion is sent. <paramref name="upon"/> is the version that the store shows now; null for none.</summary>
    public Write Begin(ObjectKey key, string? upon) => _underWay[key] = new Write(this, key, upon);

    /// <summary>True for an echo. What comes while a write is under way is judged when its answer is there.</summary>
    public bool IsEcho(Change<JsonObject> change)
    {
        var isRemembered = Forget(change);
        return (_underWay.TryGetValue(change.Key, out var write) && write.Hear(VersionOf(change))) || isRemembered

            // Answered in this very moment.
            || Forget(change);
    }

    /// <summary>Puts what the store does not show yet into what it shows of a namespace, by name.</summary>
    public void Overlay(string @namespace, Dictionary<string, JsonObject> shown)
    {
        var remembered = In(@namespace);
        foreach (var (name, written) in remembered)
        {
            if (VersionOf(shown.GetValueOrDefault(name)) != written.Upon)
            {
                remembered.TryRemove(new KeyValuePair<string, Written>(name, written));
            }
            else if (written.Result is null)
            {
                shown.Remove(name);
            }
            else
            {
                shown[name] = written.Result;
            }
        }
    }

    /// <summary>
    /// The store was listed anew: what was written may be gone again without any change that shows it. Returns the namespaces in which
    /// something was believed; writes under way must be looked at again when they are answered.
    /// </summary>
    public IReadOnlyList<string> Doubt()
    {
        foreach (var write in _underWay.Values)
        {
            write.Miss();
        }

        return [.. _written.Where(w => !w.Value.IsEmpty).Select(w =>
        {
            w.Value.Clear();
            return w.Key;
        })];
    }

    /// <summary>
    /// What was written upon an older version than the store shows from now on has served, whoever made the newer one: the store may show
    /// "nothing" again, and must not be taken for what it showed then. True when the newer one is what was written.
    /// </summary>
    private bool Forget(Change<JsonObject> change)
    {
        var remembered = In(change.Key.Namespace);
        return remembered.TryGetValue(change.Key.Name, out var written) && written.Upon != VersionOf(change)
            && remembered.TryRemove(new KeyValuePair<string, Written>(change.Key.Name, written))
            && VersionOf(change) == VersionOf(written.Result);
    }

    private ConcurrentDictionary<string, Written> In(string @namespace) =>
        _written.GetOrAdd(@namespace, _ => new ConcurrentDictionary<string, Written>(concurrencyLevel: 1, capacity: 1, StringComparer.Ordinal));

    private static string? VersionOf(Change<JsonObject> change) => change.IsDeletion ? null : change.Version;

    private static string? VersionOf(JsonObject? value) => value.Object("metadata").String("resourceVersion");

    /// <summary>One write on its way. Disposed without an answer, nothing is known of it.</summary>
    internal sealed class Write(OwnWrites owner, ObjectKey key, string? upon) : IDisposable
    {
        private readonly Lock _gate = new();
        private bool _ended;
        private bool _heard;
        private bool _missed;
        private string? _last;

        /// <summary>The watch told of this object; false when the answer was there before.</summary>
        public bool Hear(string? version)
        {
            lock (_gate)
            {
                if (_ended)
                {
                    return false;
                }

                (_heard, _last) = (true, version);
                return true;
            }
        }

        /// <summary>The watch may have left something out; without effect when the answer was there before.</summary>
        public void Miss()
        {
            lock (_gate)
            {
                _missed |= !_ended;
            }
        }

        /// <summary>
        /// The server's answer; null for a deletion. False when the watch told of something else meanwhile, which nobody has looked at: the
        /// caller must look again.
        /// </summary>
        public bool Answered(JsonObject? result)
        {
            lock (_gate)
            {
                if (!_heard && !_missed)
                {
                    owner.In(key.Namespace)[key.Name] = new Written(upon, result);
                }

                _ended = true;
            }

            Dispose();
            return !_missed && (!_heard || _last == VersionOf(result));
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _ended = true;
            }

            owner._underWay.TryRemove(new KeyValuePair<ObjectKey, Write>(key, this));
        }
    }

    /// <summary>What we wrote (null: deleted) when the store showed the version <see cref="Upon"/>.</summary>
    private sealed record Written(string? Upon, JsonObject? Result);
}

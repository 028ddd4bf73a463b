using System.Collections.Concurrent;
using Portcullis.Core.Kinds;

namespace Portcullis.Sources.Apply;

/// <summary>
/// Objects that were written and that the watch has not shown since: they are not written again, so that a server whose watches are late,
/// because it has too much to do, is not given more of it. Whatever the watch shows of an object ends this, and so does time: what was undone
/// while a watch was down is never shown.
/// </summary>
internal sealed class AwaitedEchoes(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<ObjectIdentity, (string Digest, TimeSpan Until)> _awaited = [];

    /// <summary>Before the write is sent: its echo may be there before its answer.</summary>
    public void Begin(ObjectIdentity identity, string digest) => _awaited[identity] = (digest, time.Monotonic() + Patience);

    /// <summary>The watch showed it, or the write failed.</summary>
    public void End(ObjectIdentity identity) => _awaited.TryRemove(identity, out _);

    /// <summary>Whether this very content was written a moment ago.</summary>
    public bool Contains(ObjectIdentity identity, string digest) =>
        _awaited.TryGetValue(identity, out var one) && one.Digest == digest && time.Monotonic() < one.Until;
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Objects.Json;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>
/// What this process remembers of what it wrote for one source: so that an unchanged object costs no write, a refused one is not written at
/// every reconcile, and the server's own form of a value is no drift. Several writers use it at once.
/// </summary>
internal sealed class SourceWrites
{
    private readonly ConcurrentDictionary<ObjectIdentity, FailedWrite> _failures = [];
    private readonly ConcurrentDictionary<ObjectIdentity, (string Digest, ObjectStamp Stamp)> _stamps = [];
    private readonly ConcurrentDictionary<ObjectIdentity, CanonicalForm> _forms = [];

    /// <summary>Counts what was done for the revision in force, until it is wholly applied.</summary>
    public ApplyTally Tally { get; private set; } = new();

    /// <summary>Writes and deletions that failed and are yet to succeed.</summary>
    public IReadOnlyDictionary<ObjectIdentity, FailedWrite> Failures => _failures;

    /// <summary>Another revision is in force.</summary>
    public void BeginRevision() => Tally = new ApplyTally();

    public bool HasFailed(ObjectIdentity identity) => _failures.ContainsKey(identity);

    public void Fail(ObjectIdentity identity, FailedWrite failure) => _failures[identity] = failure;

    /// <summary>Failures of objects that nobody wants to write or delete any more are history.</summary>
    public void KeepFailuresOf(IReadOnlySet<ObjectIdentity> open)
    {
        foreach (var identity in _failures.Keys.Where(f => !open.Contains(f)))
        {
            _failures.TryRemove(identity, out _);
        }
    }

    /// <summary>Where this content of an object came from, as this process stamped it; null when it did not.</summary>
    public ObjectStamp? StampOf(DesiredObject target) =>
        _stamps.TryGetValue(target.Identity, out var known) && known.Digest == target.ContentDigest ? known.Stamp : null;

    /// <summary>An object was written: <paramref name="sent"/> is what was asked, <paramref name="stored"/> what the server made of it.</summary>
    public void Wrote(ApplyAction.Write action, ObjectStamp stamp, JsonObject sent, JsonObject stored)
    {
        var target = action.Object;
        _failures.TryRemove(target.Identity, out _);
        _stamps[target.Identity] = (target.ContentDigest, stamp);
        Tally.Wrote(target.Identity, action);
        Learn(target, sent, stored);
    }

    /// <summary>What the server makes of an object is known from the answer to its write, or to a dry run.</summary>
    public void Learn(DesiredObject target, JsonObject sent, JsonObject stored) => _forms[target.Identity] = new CanonicalForm(
        target.ContentDigest, FieldDifferences.Between(sent, stored).Count == 0 ? null : CanonicalForm.ContentOf(stored));

    /// <summary>Null when it is not known of this content.</summary>
    public CanonicalForm? FormOf(DesiredObject target) =>
        _forms.TryGetValue(target.Identity, out var form) && form.Digest == target.ContentDigest ? form : null;

    public void Pruned(ObjectIdentity identity, bool wasThere)
    {
        if (wasThere)
        {
            Tally.CountPruned();
        }

        _stamps.TryRemove(identity, out _);
        _forms.TryRemove(identity, out _);
        _failures.TryRemove(identity, out _);
    }

}

/// <summary>A write that failed, and when it is tried again. The digest is that of the content; empty for a deletion.</summary>
internal sealed record FailedWrite(string Digest, string Message, int Count, TimeSpan RetryAt);

/// <summary>What the server makes of a content. <see cref="Content"/> is null when it stores it as it is written.</summary>
internal sealed record CanonicalForm(string Digest, JsonObject? Content)
{
    public static JsonObject ContentOf(JsonObject stored)
    {
        var content = (JsonObject)stored.DeepClone();
        content.Remove("status");
        content.Object("metadata")?.Remove("managedFields");
        return content;
    }
}

/// <summary>Counts the objects that a revision changed. One that is written again before the watch has shown it still is one.</summary>
internal sealed class ApplyTally
{
    private readonly ConcurrentDictionary<ObjectIdentity, bool> _created = [];
    private int _pruned;

    public AppliedCounts Counts => new(_created.Values.Count(c => c), _created.Values.Count(c => !c), _pruned);

    public void CountPruned() => Interlocked.Increment(ref _pruned);

    public void Wrote(ObjectIdentity identity, ApplyAction.Write action)
    {
        if (action is not ApplyAction.Revert)
        {
            _created.TryAdd(identity, action is ApplyAction.Create);
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Sources.Apply;

/// <summary>
/// The contents (digests) that sources wrote and the watches have not shown yet, of objects of any kind. They are not written again, so that
/// a server whose watches are late, because it has too much to do, is not given more of it.
/// </summary>
internal sealed class ExpectedContents(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Group, string Kind), Expectations<string>> _kinds = [];

    /// <summary>Call before a write is sent. <paramref name="shown"/> is the version that the watch has shown; null for none.</summary>
    public ExpectedWrite<string> Begin(ObjectIdentity identity, string? shown) => Of(identity.Group, identity.Kind).Begin(identity.Key, shown);

    /// <summary>Whether this very content was written a moment ago and is newer than the version which the watch has shown (asked after).</summary>
    public bool Contains(ObjectIdentity identity, string digest, Func<string?> shown) =>
        Of(identity.Group, identity.Kind).Find(identity.Key)?.Written is { } written && written.Value == digest && written.IsAheadOf(shown());

    /// <summary>The watch shows a change.</summary>
    public void Observe(ApiResource resource, Change<JsonObject> change) => Of(resource.Group, resource.Kind).Observe(change);

    /// <summary>Everything of a kind was listed: what was written may have been undone unseen.</summary>
    public void Doubt(ApiResource resource) => Of(resource.Group, resource.Kind).Doubt();

    private Expectations<string> Of(string group, string kind) => _kinds.GetOrAdd((group, kind), _ => new Expectations<string>(time));
}

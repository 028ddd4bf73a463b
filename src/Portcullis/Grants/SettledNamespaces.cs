using System.Collections.Concurrent;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Grants;

/// <summary>
/// Namespaces whose bindings were found to say just what the model wants, so that of thousands of grants in one namespace each need not
/// look through all its bindings again. Holds until the model, the bindings in the store or (grants start and end) the time says otherwise.
/// </summary>
internal sealed class SettledNamespaces(IUntypedStore bindings)
{
    private readonly ConcurrentDictionary<string, Settled> _known = new(StringComparer.Ordinal);

    /// <summary>Taken before looking, handed to <see cref="Add"/> after: a change in between is then not missed.</summary>
    public long Stamp(string @namespace) => bindings.Stamp(NamespaceBindings.NamespaceIndex, @namespace);

    public void Add(string @namespace, AccessModel model, long stamp, DateTimeOffset now) =>
        _known[@namespace] = new Settled(model.Identity, stamp, model.NextChangeIn(@namespace, now));

    public bool Contains(string @namespace, AccessModel model, DateTimeOffset now) =>
        _known.TryGetValue(@namespace, out var settled)
        && ReferenceEquals(settled.Model, model.Identity)
        && settled.Stamp == Stamp(@namespace)
        && !(now >= settled.Until);

    private sealed record Settled(object Model, long Stamp, DateTimeOffset? Until);
}

using System.Collections.Concurrent;
using Portcullis.Core.Access;

namespace Portcullis.Grants;

/// <summary>
/// Namespaces whose bindings say just what the model wants, as found or as made, so that of thousands of grants in one namespace each need
/// not look through all its bindings again. Holds until the model, anything that the watch tells besides our own writes, or (grants start
/// and end) the time says otherwise.
/// </summary>
internal sealed class SettledNamespaces
{
    private readonly ConcurrentDictionary<string, Settled> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _doubts = new(StringComparer.Ordinal);

    /// <summary>Taken before looking, handed to <see cref="Add"/> after: a change in between is then not missed.</summary>
    public Glance Look(string @namespace) => new(@namespace, _doubts.GetValueOrDefault(@namespace));

    public void Add(Glance look, AccessModel model, DateTimeOffset now) =>
        _known[look.Namespace] = new Settled(look, model.Identity, model.NextChangeIn(look.Namespace, now));

    /// <summary>Somebody else changed something in it.</summary>
    public void Doubt(string @namespace) => _doubts.AddOrUpdate(@namespace, 1, (_, count) => count + 1);

    public bool Contains(string @namespace, AccessModel model, DateTimeOffset now) =>
        _known.TryGetValue(@namespace, out var settled)
        && ReferenceEquals(settled.Model, model.Identity)
        && settled.Look == Look(@namespace)
        && !(now >= settled.Until);

    /// <summary>A namespace, and how often it was in doubt until then.</summary>
    internal readonly record struct Glance(string Namespace, long Doubts);

    private sealed record Settled(Glance Look, object Model, DateTimeOffset? Until);
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Scans;

/// <summary>
/// The findings of components by one version of the vulnerability database, each component once: images share most of theirs. What the version before it found
/// is kept where it cannot differ.
/// </summary>
internal sealed class AdvisoryMatches : IAdvisoryIndex
{
    private readonly IAdvisoryIndex _index;
    private readonly ConditionalWeakTable<Distribution, ConcurrentDictionary<Component, IReadOnlyList<Finding>>> _ofDistribution = [];
    private readonly ConcurrentDictionary<(string Id, string Version, string Like), ConcurrentDictionary<Component, IReadOnlyList<Finding>>> _all = new();

    /// <param name="index">The database.</param>
    /// <param name="before">The version before it; null for none.</param>
    /// <param name="mayDiffer">Whether the two may say different things of a component.</param>
    public AdvisoryMatches(IAdvisoryIndex index, AdvisoryMatches? before, Func<Component, bool> mayDiffer)
    {
        _index = index;
        foreach (var (distribution, known) in before?._all ?? [])
        {
            _all[distribution] = new(known.Where(k => !mayDiffer(k.Key)));
        }
    }

    /// <summary>The date of the database.</summary>
    public DateTimeOffset Date => _index.Date;

    public IReadOnlyList<Finding> FindingsOf(Component component, Distribution? distribution)
    {
        var known = distribution is null ? Known("", "", "") : _ofDistribution.GetValue(distribution, d => Known(d.Id, d.Version, string.Join(' ', d.Like)));
        return known.TryGetValue(component, out var findings) ? findings : known[component] = _index.FindingsOf(component, distribution);
    }

    public bool Covers(PackageFormat format, Distribution? distribution) => _index.Covers(format, distribution);

    private ConcurrentDictionary<Component, IReadOnlyList<Finding>> Known(string id, string version, string like) => _all.GetOrAdd((id, version, like), _ => new());
}

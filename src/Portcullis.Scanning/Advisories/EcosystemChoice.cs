using System.Collections.Concurrent;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>Which ecosystems of a database the components of an image go by. It is asked for every component, so the answers are kept, up to a bound.</summary>
internal sealed class EcosystemChoice(IReadOnlyList<string> ecosystems)
{
    private const int Capacity = 1000;

    private readonly ConcurrentDictionary<(PackageFormat Format, string Id, string Version, string Like), IReadOnlyList<string>> _known = [];

    public IReadOnlyList<string> Of(PackageFormat format, Distribution? distribution)
    {
        var key = OsvEcosystem.IsOfDistribution(format) && distribution is not null
            ? (format, distribution.Id, distribution.Version, distribution.Like.Count == 0 ? "" : string.Join(' ', distribution.Like))
            : (format, "", "", "");
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        return _known.GetOrAdd(key, [.. ecosystems.Where(e => OsvEcosystem.IsFor(e, format, distribution))]);
    }
}

using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>
/// Joins what has a name in common (a union-find): each advisory about one vulnerability has a set of its own, and each CVE that only advisories about several name.
/// </summary>
internal sealed class AliasGroups
{
    private readonly IReadOnlyList<AdvisoryMatch> _matches;
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly List<int> _parents = [];

    public AliasGroups(IReadOnlyList<AdvisoryMatch> matches)
    {
        _matches = matches;
        for (var i = 0; i < matches.Count; i++)
        {
            _parents.Add(i);
            if (VulnerabilityNames.IsOne(matches[i].Details))
            {
                Join(i, matches[i].Details);
            }
        }
    }

    /// <summary>A finding of each vulnerability, in no order.</summary>
    public List<Finding> Findings(Component component)
    {
        var findings = new List<Finding>(_matches.Count);
        var groups = new Dictionary<int, AliasGroup>();
        var alone = SizesByRoot();
        for (var i = 0; i < _matches.Count; i++)
        {
            var match = _matches[i];
            if (!VulnerabilityNames.IsOne(match.Details))
            {
                AddShared(groups, match);
            }
            else if (alone[Root(i)] == 1 && match.Details.Alone is { } vulnerability)
            {
                findings.Add(new Finding { Vulnerability = vulnerability, Component = component, FixedIn = match.FixedIn });
            }
            else
            {
                Group(groups, Root(i)).Add(match);
            }
        }

        findings.AddRange(groups.Values.Select(g => g.ToFinding(component)));
        return findings;
    }

    /// <summary>How many advisories have come together at each root; those about several vulnerabilities count at each of theirs.</summary>
    private int[] SizesByRoot()
    {
        foreach (var name in _matches.Where(m => !VulnerabilityNames.IsOne(m.Details)).SelectMany(m => m.Details.Upstream))
        {
            IndexOf(name);
        }

        var sizes = new int[_parents.Count];
        for (var i = 0; i < _matches.Count; i++)
        {
            if (VulnerabilityNames.IsOne(_matches[i].Details))
            {
                sizes[Root(i)]++;
                continue;
            }

            foreach (var name in _matches[i].Details.Upstream)
            {
                sizes[Root(IndexOf(name))]++;
            }
        }

        return sizes;
    }

    private void AddShared(Dictionary<int, AliasGroup> groups, AdvisoryMatch match)
    {
        foreach (var name in match.Details.Upstream.Where(OsvNames.IsCve))
        {
            Group(groups, Root(IndexOf(name))).AddShared(match, name);
        }
    }

    private static AliasGroup Group(Dictionary<int, AliasGroup> groups, int root)
    {
        if (!groups.TryGetValue(root, out var group))
        {
            groups.Add(root, group = new AliasGroup());
        }

        return group;
    }

    private void Join(int index, AdvisoryDetails details)
    {
        Join(index, details.Id);
        foreach (var name in details.Aliases)
        {
            Join(index, name);
        }

        foreach (var name in details.Upstream)
        {
            Join(index, name);
        }
    }

    private void Join(int index, string name)
    {
        if (!_byName.TryAdd(name, index))
        {
            _parents[Root(index)] = Root(_byName[name]);
        }
    }

    private int IndexOf(string name)
    {
        if (!_byName.TryGetValue(name, out var index))
        {
            index = _parents.Count;
            _parents.Add(index);
            _byName.Add(name, index);
        }

        return index;
    }

    private int Root(int index)
    {
        while (_parents[index] != index)
        {
            _parents[index] = _parents[_parents[index]];
            index = _parents[index];
        }

        return index;
    }
}

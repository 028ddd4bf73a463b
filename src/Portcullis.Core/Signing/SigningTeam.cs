namespace Portcullis.Core.Signing;

/// <summary>A team with the keys of its members.</summary>
/// <param name="Name">ORGANIZATION/TEAM.</param>
/// <param name="MemberKeys">Its members, each with the canonical ids of his keys; none for one who cannot sign.</param>
public sealed record SigningTeam(string Name, IReadOnlyDictionary<string, IReadOnlyList<string>> MemberKeys)
{
    /// <summary>How many members have a key.</summary>
    public int WithKeys => MemberKeys.Count(m => m.Value.Count > 0);

    /// <summary>
    /// The members who signed with these keys, one entry for each person. A key that several members share shows only that one of them signed: such an entry
    /// names them all, and none of them counts again. Keys of one member alone are looked at first, so that sharing never makes two signers one.
    /// </summary>
    public IReadOnlyList<string> SignersOf(IReadOnlySet<string> keys)
    {
        var holders = keys
            .Select(k => MemberKeys.Where(m => m.Value.Contains(k)).Select(m => m.Key).Order(StringComparer.Ordinal).ToList())
            .Where(h => h.Count > 0)
            .OrderBy(h => h.Count).ThenBy(h => string.Join(',', h), StringComparer.Ordinal);
        var counted = new HashSet<string>(StringComparer.Ordinal);
        var people = new List<string>();
        foreach (var one in holders.Where(h => !counted.Overlaps(h)))
        {
            counted.UnionWith(one);
            people.Add(string.Join(" or ", one));
        }

        return people;
    }
}

namespace Portcullis.Core.Trust;

/// <summary>What is declared of each role that lists others, made once for all roles: with thousands of them, to look through all for each would take minutes.</summary>
/// <param name="observed">What was read.</param>
internal sealed class DeclaredLists(TrustObservation observed)
{
    private readonly Dictionary<string, DeclaredRole> _roles = observed.Declared.Roles.ToDictionary(r => r.Name, StringComparer.Ordinal);
    private readonly ILookup<string, DeclaredRole> _byParent = observed.Declared.Roles.ToLookup(r => r.Parent, StringComparer.Ordinal);

    public TrustObservation Observed => observed;

    /// <summary>Whether the same was declared when the trust data was last found as declared, so that what differs was changed on the server.</summary>
    public bool IsAsBefore { get; } = observed.Server is ServerTrust.Present && observed.Remembered.Declared == observed.Declared.Digest;

    /// <summary>The roles that list others.</summary>
    public IEnumerable<string> Parents => _byParent.Select(g => g.Key);

    /// <summary>The roles that one lists, by their names.</summary>
    public Dictionary<string, DeclaredRole> Below(string parent) => _byParent[parent].ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>Null when nobody declares it.</summary>
    public DeclaredRole? Find(string role) => _roles.GetValueOrDefault(role);
}

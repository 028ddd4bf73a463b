namespace Portcullis.Core.Roles;

/// <summary>All roles by name, built in and custom, each worked out once.</summary>
public sealed class RoleBook
{
    private readonly Dictionary<string, (ResolvedRole Role, IReadOnlyList<Problem> Problems)> _custom = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _sources = new(StringComparer.Ordinal);

    public RoleBook(IEnumerable<AccessRole> roles)
    {
        foreach (var role in roles.Where(r => !r.Metadata.IsBeingDeleted))
        {
            _custom.Add(role.Key.Name, RoleResolver.Resolve(role.Key.Name, role.Spec));
            _sources.Add(role.Key.Name, role.Metadata.Label(WellKnown.Labels.Source));
        }
    }

    /// <summary>Null when there is no such role; problems when it may not be used.</summary>
    public (ResolvedRole Role, IReadOnlyList<Problem> Problems)? Find(string name) =>
        BuiltInRoles.Find(name) is { } builtIn ? (builtIn, []) : _custom.TryGetValue(name, out var role) ? role : null;

    /// <summary>A role that the source did not declare itself; null when there is none.</summary>
    public ResolvedRole? FindForeign(string name, string source) => _sources.TryGetValue(name, out var own) && own == source ? null : Find(name)?.Role;
}

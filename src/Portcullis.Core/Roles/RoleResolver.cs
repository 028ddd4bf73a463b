namespace Portcullis.Core.Roles;

/// <summary>All roles by name, built in and custom, each worked out once.</summary>
public sealed class RoleResolver
{
    private readonly Dictionary<string, RoleResolution> _custom = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _sources = new(StringComparer.Ordinal);

    public RoleResolver(IEnumerable<AccessRole> roles)
    {
        foreach (var role in roles.Where(r => !r.Metadata.IsBeingDeleted))
        {
            _custom.Add(role.Key.Name, RoleResolution.Of(role.Key.Name, role.Spec));
            _sources.Add(role.Key.Name, role.Metadata.Label(WellKnown.Labels.Source));
        }
    }

    /// <summary>Null when there is no such role; problems when it may not be used.</summary>
    public RoleResolution? Find(string name) =>
        BuiltInRoles.Find(name) is { } builtIn ? new RoleResolution(builtIn, []) : _custom.GetValueOrDefault(name);

    /// <summary>A role that the source did not declare itself; null when there is none.</summary>
    public ResolvedRole? FindForeign(string name, string source) => _sources.TryGetValue(name, out var own) && own == source ? null : Find(name)?.Role;
}

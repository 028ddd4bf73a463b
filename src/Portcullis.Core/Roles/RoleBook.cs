namespace Portcullis.Core.Roles;

/// <summary>All roles by name, built in and custom, each worked out once.</summary>
public sealed class RoleBook
{
    private readonly Dictionary<string, (ResolvedRole Role, IReadOnlyList<RoleProblem> Problems)> _custom;

    public RoleBook(IEnumerable<AccessRole> roles) =>
        _custom = roles
            .Where(r => !r.Metadata.IsBeingDeleted)
            .ToDictionary(r => r.Key.Name, r => RoleResolver.Resolve(r.Key.Name, r.Spec), StringComparer.Ordinal);

    /// <summary>Null when there is no such role; problems when it may not be used.</summary>
    public (ResolvedRole Role, IReadOnlyList<RoleProblem> Problems)? Find(string name) =>
        BuiltInRoles.Find(name) is { } builtIn ? (builtIn, []) : _custom.TryGetValue(name, out var role) ? role : null;
}

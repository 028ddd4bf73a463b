using Portcullis.Core.Kinds;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Scopes;

/// <summary>The roles that a revision can name: built in, its own, and those in force besides it; each read when it is first asked for.</summary>
internal sealed class RevisionRoles(DeclaredRevision revision)
{
    private readonly Lazy<IReadOnlyDictionary<string, DeclaredObject>> _declared = new(() =>
        revision.Of(AccessRole.Definition).GroupBy(r => r.Key.Name, StringComparer.Ordinal).ToDictionary(r => r.Key, r => r.First(), StringComparer.Ordinal));

    private readonly Lazy<IReadOnlyDictionary<string, AccessRole>> _inForce = new(() =>
        TypedObject.InForce<AccessRole>(revision).GroupBy(r => r.Key.Name, StringComparer.Ordinal).ToDictionary(r => r.Key, r => r.First(), StringComparer.Ordinal));

    public ResolvedRole? Find(string name) => BuiltInRoles.Find(name)
        ?? (_declared.Value.TryGetValue(name, out var declared) ? Resolve(name, TypedObject.Read<AccessRole>(declared.Value)) : FindForeign(name));

    /// <summary>Only what is not the revision's own.</summary>
    public ResolvedRole? FindForeign(string name) =>
        BuiltInRoles.Find(name) ?? (_inForce.Value.TryGetValue(name, out var role) ? Resolve(name, role) : null);

    private static ResolvedRole Resolve(string name, AccessRole role) => RoleResolution.Of(name, role.Spec).Role;
}

using System.Collections.Immutable;

namespace Portcullis.Core.Roles;

/// <summary>All roles by name, built in and custom, each worked out once. Immutable: a change shares the rest.</summary>
public sealed class RoleResolver
{
    private readonly ImmutableDictionary<string, Custom> _custom;

    private RoleResolver(ImmutableDictionary<string, Custom> custom) => _custom = custom;

    /// <summary>The built-in roles alone.</summary>
    public static RoleResolver BuiltIn { get; } = new(ImmutableDictionary.Create<string, Custom>(StringComparer.Ordinal));

    public RoleResolver With(ListChange<AccessRole> change)
    {
        if (change.IsEmpty)
        {
            return this;
        }

        var custom = _custom.ToBuilder();
        custom.RemoveRange(change.Gone.Select(r => r.Key.Name));
        foreach (var role in change.Added.Where(r => !r.Metadata.IsBeingDeleted))
        {
            custom[role.Key.Name] = new Custom(RoleResolution.Of(role.Key.Name, role.Spec), role.Metadata.Label(WellKnown.Labels.Source));
        }

        return new RoleResolver(custom.ToImmutable());
    }

    /// <summary>Null when there is no such role; problems when it may not be used.</summary>
    public RoleResolution? Find(string name) =>
        BuiltInRoles.Find(name) is { } builtIn ? new RoleResolution(builtIn, []) : _custom.GetValueOrDefault(name)?.Resolution;

    /// <summary>A role that the source did not declare itself; null when there is none.</summary>
    public ResolvedRole? FindForeign(string name, string source) =>
        _custom.TryGetValue(name, out var own) && own.Source == source ? null : Find(name)?.Role;

    /// <summary>A role that is declared, and the source that declares it; null for none.</summary>
    private sealed record Custom(RoleResolution Resolution, string? Source);
}

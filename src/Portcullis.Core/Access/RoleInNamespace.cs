using Portcullis.Core.Roles;

namespace Portcullis.Core.Access;

/// <summary>What a set of bindings for one role in one namespace is made from.</summary>
public sealed record RoleInNamespace(ResolvedRole Role, IReadOnlyList<RbacSubject> Subjects, IReadOnlyList<string> Grants)
{
    /// <summary>Subjects of suspended grants: they stay where they are bound already and are bound nowhere else.</summary>
    public IReadOnlyList<RbacSubject> Paused { get; init; } = [];
}

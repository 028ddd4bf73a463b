namespace Portcullis.Core.Access;

/// <summary>
/// Names of objects of which it is not known what Git declares (design law 1): they were edited while no process of ours ran, and their source has
/// not been read since. What depends on them is neither widened nor narrowed, but by the clock.
/// </summary>
public sealed record UnsettledObjects
{
    public static UnsettledObjects None { get; } = new();

    public IReadOnlySet<string> Grants { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Roles { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Organizations { get; init; } = new HashSet<string>();

    /// <summary>A collection, or a source with its scope: nobody can say which namespace is where.</summary>
    public bool Tree { get; init; }

    public bool IsEmpty => !Tree && Grants.Count == 0 && Roles.Count == 0 && Organizations.Count == 0;

    /// <summary>Whether what a grant gives is not known although the grant itself is.</summary>
    internal bool Concerns(GrantSpec grant) =>
        Tree
        || Roles.Contains(grant.Role)
        || (grant.Subject.Kind is SubjectKind.Team or SubjectKind.Organization && Organizations.Contains(grant.Subject.Name.Split('/')[0]));
}

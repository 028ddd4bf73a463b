namespace Portcullis.Core.Trust;

/// <summary>
/// Members of metadata that are not known here and that an update does not have any more. A root is written anew from what is declared. A role keeps them
/// unless the server signs the snapshot: it hashes what its own code would write, without them, and nobody could read the role any more.
/// </summary>
internal static class DroppedMembers
{
    /// <param name="present">What is published.</param>
    /// <param name="hasRoot">Whether the update has a root.</param>
    /// <param name="roles">The other roles in it.</param>
    /// <param name="isKept">Whether roles keep them.</param>
    public static IReadOnlyList<string> Of(PublishedTrust? present, bool hasRoot, IEnumerable<RoleChange> roles, bool isKept) => present is null ? [] :
    [
        .. hasRoot ? present.Root.Unknown.Select(m => $"root: {m}") : [],
        .. isKept ? [] : roles.SelectMany(r => (present.Find(r.Name)?.Unknown ?? []).Select(m => $"{r.Name}: {m}")),
    ];
}

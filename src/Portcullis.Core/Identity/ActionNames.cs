namespace Portcullis.Core.Identity;

/// <summary>Actions as scopes and tokens write them.</summary>
public static class ActionNames
{
    /// <summary>Everything; what it covers is the server's own choice.</summary>
    public const string All = "*";

    public const string Pull = "pull";
    public const string Push = "push";
    public const string Delete = "delete";

    /// <summary>None for a word that is no single action.</summary>
    public static RepositoryActions Parse(string name) => name switch
    {
        Pull => RepositoryActions.Pull,
        Push => RepositoryActions.Push,
        Delete => RepositoryActions.Delete,
        _ => RepositoryActions.None,
    };

    /// <summary>Each word once. Signing is a push of trust data.</summary>
    public static IReadOnlyList<string> Of(RepositoryActions actions) =>
    [
        .. One(actions, RepositoryActions.Pull, Pull), .. One(actions, RepositoryActions.Push | RepositoryActions.Sign, Push), .. One(actions, RepositoryActions.Delete, Delete),
    ];

    private static string[] One(RepositoryActions actions, RepositoryActions anyOf, string name) => (actions & anyOf) != RepositoryActions.None ? [name] : [];
}

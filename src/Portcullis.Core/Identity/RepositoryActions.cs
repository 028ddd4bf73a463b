namespace Portcullis.Core.Identity;

/// <summary>
/// What is done to a repository, in the words of the Docker registry token specification ("Resource Scope"). The specification has no word for publishing trust data:
/// Notary's clients ask for <c>push</c> of a name that begins with the registry's host.
/// </summary>
[Flags]
public enum RepositoryActions
{
    None = 0,
    Pull = 1,
    Push = 2,
    Delete = 4,
    Sign = 8,
}

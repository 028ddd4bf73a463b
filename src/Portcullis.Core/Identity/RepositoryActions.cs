namespace Portcullis.Core.Identity;

/// <summary>What is done to a repository, in the words of the Docker registry token specification ("Resource Scope").</summary>
[Flags]
public enum RepositoryActions
{
    None = 0,
    Pull = 1,
    Push = 2,
    Delete = 4,
}

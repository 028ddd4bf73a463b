namespace Portcullis.Clients.Registry.Authorization;

/// <summary>What a request does to a repository, in the words of the token specification.</summary>
[Flags]
public enum RegistryActions
{
    None = 0,
    Pull = 1,
    Push = 2,
    Delete = 4,

    /// <summary>Lists the registry's repositories; for no repository of its own.</summary>
    Catalog = 8,
}

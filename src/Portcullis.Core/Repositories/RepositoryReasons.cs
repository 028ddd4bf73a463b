namespace Portcullis.Core.Repositories;

/// <summary>The reasons of conditions and Events of a Repository.</summary>
public static class RepositoryReasons
{
    public const string UnknownRegistry = "UnknownRegistry";
    public const string RegistryUnavailable = "RegistryUnavailable";
    public const string AlreadyDeclared = "AlreadyDeclared";
    public const string PushedPastGateway = "PushedPastGateway";
    public const string UnreadableTag = "UnreadableTag";
    public const string DeletedPastGateway = "DeletedPastGateway";
}

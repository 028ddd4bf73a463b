namespace Portcullis.Core.Repositories;

/// <summary>The reasons of conditions and Events of a Repository.</summary>
public static class RepositoryReasons
{
    public const string UnknownRegistry = "UnknownRegistry";
    public const string RegistryUnavailable = "RegistryUnavailable";
    public const string AlreadyDeclared = "AlreadyDeclared";

    /// <summary>A webhook cannot be sent, whatever its receiver does.</summary>
    public const string WebhookUnusable = "WebhookUnusable";

    public const string PushedPastGateway = "PushedPastGateway";
    public const string TagRewritten = "TagRewritten";
    public const string TagUnreadable = "TagUnreadable";
    public const string PushWithdrawn = "PushWithdrawn";
    public const string DeletedPastGateway = "DeletedPastGateway";
}

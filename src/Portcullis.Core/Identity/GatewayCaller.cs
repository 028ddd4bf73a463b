using Portcullis.Core.Access;

namespace Portcullis.Core.Identity;

/// <summary>Who sends a request to the gateway.</summary>
public sealed record GatewayCaller
{
    public static GatewayCaller Anonymous { get; } = new();

    /// <summary>His name and groups, as grants name them; null for nobody in particular.</summary>
    public AccessUser? User { get; init; }

    public LoginMethod Method { get; init; }

    /// <summary>The personal access token that he uses; null when all of his rights count.</summary>
    public AccessTokenLimit? Limit { get; init; }

    /// <summary>Until when this is known of him; null without an end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public bool IsAnonymous => User is null;

    /// <summary>For messages and the audit log.</summary>
    public override string ToString() => User is null ? "anonymous" : Limit is null ? User.Name : $"{User.Name} (access token {Limit.Token})";
}

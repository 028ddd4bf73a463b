namespace Portcullis.Core.Identity;

/// <summary>Rights on one resource that a client asks a token for, checked for form.</summary>
public sealed record TokenScope
{
    /// <summary><see cref="TokenAccess.RepositoryType"/> or <see cref="TokenAccess.RegistryType"/>.</summary>
    public required string Type { get; init; }

    public string? Class { get; init; }

    /// <summary>As the client wrote it: a Notary client puts the registry's host before the repository.</summary>
    public required string Name { get; init; }

    /// <summary>The repository, without a host; null for the catalogue.</summary>
    public string? Repository { get; init; }

    /// <summary>Without repetition; each is one of <see cref="ActionNames"/>.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>What of a repository's scope is allowed; null for nothing. <c>*</c> is for administrators of the repository.</summary>
    public TokenAccess? Within(RepositoryRights rights)
    {
        var left = Actions.Where(a => a == ActionNames.All ? rights.IsAdministrator : rights.Allow(Meaning(a))).ToList();
        return left.Count == 0 ? null : new TokenAccess(Type, Name, left, Class);
    }

    /// <summary>A push of a name that begins with the host is a publication of trust data.</summary>
    private RepositoryActions Meaning(string action) => ActionNames.Parse(action) switch
    {
        RepositoryActions.Push when Name != Repository => RepositoryActions.Sign,
        var meant => meant,
    };

    /// <summary>The catalogue is for everybody who has logged in; the gateway lists in it what he may pull.</summary>
    public TokenAccess? Catalog(GatewayCaller caller) => Repository is null && !caller.IsAnonymous ? new TokenAccess(Type, Name, Actions, Class) : null;
}

/// <summary>A scope that cannot be granted to anybody.</summary>
public sealed record RefusedScope(string Text, string Reason);

using Portcullis.Core.Identity;

namespace Portcullis.Tokens;

/// <summary>Says of each request to the gateway who sends it. Costs no request to another server.</summary>
internal interface ITokenVerifier
{
    /// <param name="bearer">What stands after <c>Bearer</c>.</param>
    /// <param name="host">The Registry's host that the request is for: a token for another one is refused.</param>
    TokenVerdict Verify(string bearer, string host);
}

/// <summary>What a token turned out to be.</summary>
internal abstract record TokenVerdict
{
    private TokenVerdict()
    {
    }

    /// <summary>
    /// Who sends it, and what the token was issued for: the request needs that the token covers it, and that it is allowed now
    /// (<see cref="RepositoryRights"/>).
    /// </summary>
    public sealed record Accepted(GatewayCaller Caller, IReadOnlyList<TokenAccess> Access) : TokenVerdict
    {
        /// <summary>Whether the token covers these actions on a repository, named with or without the host.</summary>
        public bool Covers(string repository, string host, RepositoryActions actions) => Access.Any(a =>
            a.Type == TokenAccess.RepositoryType
            && (a.Name == repository || (a.Name.Length == host.Length + 1 + repository.Length && a.Name == $"{host}/{repository}"))
            && (a.Actions.Contains(ActionNames.All) || ActionNames.Of(actions).All(a.Actions.Contains)));

        public bool CoversCatalog => Access.Any(a => a.Type == TokenAccess.RegistryType);
    }

    /// <summary>Answered with 401. The reason holds nothing of the token.</summary>
    public sealed record Refused(string Reason) : TokenVerdict;
}

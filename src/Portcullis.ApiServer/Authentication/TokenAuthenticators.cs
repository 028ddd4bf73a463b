namespace Portcullis.ApiServer.Authentication;

/// <summary>Tries every kind of token in turn; the first that recognizes the token answers.</summary>
internal sealed class TokenAuthenticators(params IReadOnlyList<ITokenAuthenticator> authenticators) : ITokenAuthenticator
{
    /// <summary>What requests to this server must be meant for; also the issuer of its own tokens.</summary>
    public const string ApiAudience = "https://kubernetes.default.svc";

    public const string InvalidToken = "invalid bearer token";

    public TokenAnswer Authenticate(string token, IReadOnlyList<string> audiences)
    {
        var problems = new List<string>();
        foreach (var authenticator in authenticators)
        {
            var answer = authenticator.Authenticate(token, audiences);
            if (answer.User is { } user)
            {
                return answer with { User = WithAuthenticated(user) };
            }

            if (answer.Problem is { } problem)
            {
                problems.Add(problem);
            }
        }

        return TokenAnswer.Refused(problems.Count == 0 ? InvalidToken : $"[{InvalidToken}, {string.Join(", ", problems)}]");
    }

    /// <summary>Whoever is known is in <c>system:authenticated</c>.</summary>
    public static UserInfo WithAuthenticated(UserInfo user) =>
        user.Groups.Contains(WellKnownUsers.Authenticated, StringComparer.Ordinal)
            ? user
            : user with { Groups = [.. user.Groups, WellKnownUsers.Authenticated] };
}

namespace Portcullis.ApiServer.Authentication;

/// <summary>
/// What one authenticator made of a token: a user with the audiences it is good for, a problem with a token that is its own, or
/// neither for a token that it does not know.
/// </summary>
internal sealed record TokenAnswer(UserInfo? User, IReadOnlyList<string> Audiences, string? Problem)
{
    public static TokenAnswer Unknown { get; } = new(null, [], null);

    public static TokenAnswer Refused(string problem) => new(null, [], problem);
}

/// <summary>Knows one sort of bearer token.</summary>
internal interface ITokenAuthenticator
{
    /// <summary>Whose token is it, for at least one of these audiences?</summary>
    TokenAnswer Authenticate(string token, IReadOnlyList<string> audiences);
}

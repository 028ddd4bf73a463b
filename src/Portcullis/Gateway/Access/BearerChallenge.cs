namespace Portcullis.Gateway.Access;

/// <summary>Says to a client where it gets a token, and for what (RFC 6750, section 3; Docker registry token specification).</summary>
internal static class BearerChallenge
{
    public const string InvalidToken = "invalid_token";
    public const string InsufficientScope = "insufficient_scope";

    /// <param name="scheme">How clients reach the gateway.</param>
    /// <param name="host">The registry's host: the realm is there, and the token is for it.</param>
    /// <param name="scope">Null for a token without rights, which only shows who somebody is.</param>
    /// <param name="error">Why what was sent does not do; null when nothing was sent.</param>
    public static string Of(string scheme, string host, string? scope, string? error) =>
        $"Bearer realm=\"{scheme}://{host}/token\",service=\"{host}\""
        + (scope is null ? "" : $",scope=\"{scope}\"")
        + (error is null ? "" : $",error=\"{error}\"");
}

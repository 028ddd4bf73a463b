namespace Portcullis.Identity.Logins;

/// <summary>Tells tokens from passwords by their form, so that each goes only to those who may see it.</summary>
internal static class TokenShape
{
    /// <summary>A signed JSON Web Token in its compact form (RFC 7515, section 7.1): its header begins with <c>{"</c>.</summary>
    public static bool IsJsonWebToken(string text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count(c => c == '.') == 2;
}

using Portcullis.Core.Identity;

namespace Portcullis.Identity.Logins;

/// <summary>Tells tokens from passwords by their form, so that each goes only to those who may see it.</summary>
internal static class TokenShape
{
    /// <summary>Whether it has the form of a token of any kind, which nobody takes for a password.</summary>
    public static bool IsToken(string text) => AccessTokenText.IsMeant(text) || IsJsonWebToken(text);

    /// <summary>A signed JSON Web Token in its compact form (RFC 7515, section 7.1): its header begins with <c>{"</c>.</summary>
    public static bool IsJsonWebToken(string text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count(c => c == '.') == 2;
}

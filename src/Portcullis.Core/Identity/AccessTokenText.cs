using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Core.Identity;

/// <summary>
/// A personal access token as its user keeps it: <c>pct_NAME_</c> and 64 hex digits. The name is that of the Secret which holds its digest, so that it
/// is found at once; 256 random bits need no slow hash.
/// </summary>
public static class AccessTokenText
{
    public const string Prefix = "pct_";

    /// <summary>Of the random part, in bytes.</summary>
    public const int SecretLength = 32;

    public static string Of(string name, ReadOnlySpan<byte> secret) => $"{Prefix}{name}_{Convert.ToHexStringLower(secret)}";

    /// <summary>Whether somebody who shows this means an access token.</summary>
    public static bool IsMeant(string password) => password.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The name in a token; false when it is none.</summary>
    public static bool TryGetName(string token, [NotNullWhen(true)] out string? name)
    {
        // No name of a Secret has an underscore.
        var end = token.LastIndexOf('_');
        var isToken = IsMeant(token) && end > Prefix.Length && token.Length - end - 1 == 2 * SecretLength && ObjectNames.IsSubdomain(token[Prefix.Length..end]);
        name = isToken ? token[Prefix.Length..end] : null;
        return isToken;
    }

    /// <summary>What the Secret holds of it: SHA-256, in hex.</summary>
    public static string DigestOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Takes the same time whatever differs.</summary>
    public static bool Matches(string token, string digest) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(DigestOf(token)), Encoding.ASCII.GetBytes(digest));
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Portcullis.Core;

/// <summary>Digests as the OCI image specification writes them ("Digests"): the algorithm, a colon, and lower-case hex.</summary>
public static class ImageDigest
{
    public const string Pattern = "^(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$";

    public static bool IsLegal([NotNullWhen(true)] string? digest) => digest switch
    {
        null => false,
        _ when digest.StartsWith("sha256:", StringComparison.Ordinal) => digest.Length == 71 && IsHex(digest.AsSpan(7)),
        _ when digest.StartsWith("sha512:", StringComparison.Ordinal) => digest.Length == 135 && IsHex(digest.AsSpan(7)),
        _ => false,
    };

    /// <summary>The digest of these bytes.</summary>
    public static string Of(ReadOnlySpan<byte> content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>Whether the bytes have this digest.</summary>
    public static bool Matches(string digest, ReadOnlySpan<byte> content) => digest.StartsWith("sha512:", StringComparison.Ordinal)
        ? digest == $"sha512:{Convert.ToHexStringLower(SHA512.HashData(content))}"
        : digest == Of(content);

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is not ((>= '0' and <= '9') or (>= 'a' and <= 'f')))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Buffers;
using System.Security.Cryptography;

namespace Portcullis.Clients.Registry;

/// <summary>Digests of content as registries write them: <c>sha256:</c> or <c>sha512:</c> and lower-case hexadecimal digits. Pure.</summary>
public static class ContentDigest
{
    private const string Sha256 = "sha256:";
    private const string Sha512 = "sha512:";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The sha256 digest of these bytes.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Sha256 + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Whether the text is a digest of a known algorithm.</summary>
    public static bool IsDigest(string text) =>
        (text.Length == Sha256.Length + 64 && text.StartsWith(Sha256, StringComparison.Ordinal) && HasHexFrom(text, Sha256.Length))
        || (text.Length == Sha512.Length + 128 && text.StartsWith(Sha512, StringComparison.Ordinal) && HasHexFrom(text, Sha512.Length));

    /// <summary>Whether these bytes have this digest.</summary>
    public static bool Matches(string digest, ReadOnlySpan<byte> content) =>
        digest == (digest.StartsWith(Sha512, StringComparison.Ordinal) ? Sha512 + Convert.ToHexStringLower(SHA512.HashData(content)) : Of(content));

    /// <summary>Counts content piece by piece by the digest's own algorithm.</summary>
    internal static IncrementalHash Start(string digest) =>
        IncrementalHash.CreateHash(digest.StartsWith(Sha512, StringComparison.Ordinal) ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);

    /// <summary>Whether what was counted is what the digest says.</summary>
    internal static bool Ends(string digest, IncrementalHash counted) =>
        digest.AsSpan(digest.IndexOf(':', StringComparison.Ordinal) + 1).SequenceEqual(Convert.ToHexStringLower(counted.GetHashAndReset()));

    private static bool HasHexFrom(string text, int start) => text.AsSpan(start).IndexOfAnyExcept(HexDigits) < 0;
}

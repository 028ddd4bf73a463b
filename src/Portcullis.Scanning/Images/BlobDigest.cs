using System.Security.Cryptography;
using Portcullis.Core;

namespace Portcullis.Scanning.Images;

/// <summary>Digests of blobs (OCI image specification, "Digests").</summary>
internal static class BlobDigest
{
    /// <summary>The digest, once it is one of a known algorithm: it becomes part of a path.</summary>
    /// <exception cref="ImageInputException">It is none.</exception>
    public static string Check(string digest) =>
        ImageDigest.IsLegal(digest) ? digest : throw new ImageInputException($"'{digest}' is no digest: sha256 and sha512 are known");

    /// <summary>What computes digests as that of <paramref name="digest"/>.</summary>
    public static IncrementalHash Hash(string digest) =>
        IncrementalHash.CreateHash(digest.StartsWith("sha512:", StringComparison.Ordinal) ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);

    /// <summary>Whether bytes are those of a digest.</summary>
    public static bool Matches(string digest, ReadOnlySpan<byte> bytes) => ImageDigest.Matches(digest, bytes);

    public static bool Matches(string digest, IncrementalHash hash) =>
        digest.AsSpan(digest.IndexOf(':', StringComparison.Ordinal) + 1).SequenceEqual(Convert.ToHexStringLower(hash.GetHashAndReset()));
}

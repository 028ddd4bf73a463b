using System.Security.Cryptography;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>What metadata say of a file: how long it is, and its hashes.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">32 bytes; it is always there.</param>
/// <param name="Sha512">64 bytes; null when it is not said.</param>
public sealed record TufFile(long Length, byte[] Sha256, byte[]? Sha512)
{
    /// <summary>In lower-case hex, as servers name files by it.</summary>
    public string Checksum => Convert.ToHexStringLower(Sha256);

    /// <summary>With both hashes, as Notary names files.</summary>
    public static TufFile Of(ReadOnlySpan<byte> content) => new(content.Length, SHA256.HashData(content), SHA512.HashData(content));

    /// <summary>Whether this is the file.</summary>
    public bool IsOf(ReadOnlySpan<byte> content) =>
        content.Length == Length && SHA256.HashData(content).AsSpan().SequenceEqual(Sha256) && (Sha512 is null || SHA512.HashData(content).AsSpan().SequenceEqual(Sha512));

    public bool Equals(TufFile? other) =>
        other is not null && Length == other.Length && Sha256.AsSpan().SequenceEqual(other.Sha256) && (Sha512 ?? []).AsSpan().SequenceEqual(other.Sha512 ?? []);

    public override int GetHashCode() => HashCode.Combine(Length, BitConverter.ToInt32(Sha256));
}

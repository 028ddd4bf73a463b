using System.IO.Compression;
using System.Security.Cryptography;

namespace Portcullis.Scanning.Store;

/// <summary>JSON as the store keeps it: compressed, since much of it are paths.</summary>
internal static class StoredText
{
    private const int SumLength = 8;

    public static byte[] Pack(ReadOnlySpan<byte> json)
    {
        using var packed = new MemoryStream();
        packed.Write(SHA256.HashData(json).AsSpan(0, SumLength));
        using (var writer = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            writer.Write(json);
        }

        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">It was not packed so.</exception>
    public static byte[] Unpack(byte[] packed)
    {
        if (packed.Length < SumLength)
        {
            throw Damaged();
        }

        using var reader = new BrotliStream(new MemoryStream(packed, SumLength, packed.Length - SumLength), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        reader.CopyTo(unpacked);
        var json = unpacked.ToArray();
        return packed.AsSpan(0, SumLength).SequenceEqual(SHA256.HashData(json).AsSpan(0, SumLength)) ? json : throw Damaged();
    }

    private static InvalidDataException Damaged() => new("it is not what was stored");
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Scanning.Store;

/// <summary>An image as the file has it.</summary>
/// <param name="Digest">Of its manifest.</param>
/// <param name="Layers">The digests of its layers, with a space between them.</param>
/// <param name="Distribution">The number of its distribution; 0 for none.</param>
/// <param name="Problems">What could not be read, as JSON; empty for nothing.</param>
/// <param name="Components">As numbers.</param>
internal sealed record ImageRow(string Digest, string Layers, int Distribution, string Problems, byte[] Components)
{
    /// <summary>By which a row that is not what was written is known: one with fewer components would make its image cleaner than it is.</summary>
    public long Sum()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(Encoding.UTF8.GetBytes($"{Digest}\n{Layers}\n{Distribution}\n{Problems}\n"));
        sum.AppendData(Components);
        sum.GetHashAndReset(hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}

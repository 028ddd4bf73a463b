using System.Buffers.Binary;
using System.Numerics;

namespace Portcullis.Scanning.Advisories;

/// <summary>
/// The beginning of a database's file.
/// <code>
/// header      128 bytes, little-endian, its checksum last
/// records     one an advisory, by identifier: what it says of its vulnerability
/// packages    one a package, by ecosystem and name: which versions which advisories affect, and a hash of all that findings are made of
/// ecosystems  their names; a package has the index of its own
/// slots       a hash table, 16 bytes each: hash of ecosystem and name, length and place of the package's entry; empty where the length is 0
/// </code>
/// Records and packages have a length and a checksum each, verified when they are read; header, ecosystems and slots are verified at the opening.
/// </summary>
internal sealed record DatabaseHeader
{
    public const int Size = 128;

    /// <summary>Raised with every change of the layout or of the keys of versions: a file of another one must be imported again.</summary>
    private const uint Version = 1;

    /// <summary>Length and checksum before a record or package.</summary>
    public const int FrameSize = 8;

    private static ReadOnlySpan<byte> Magic => "PortAdv\n"u8;

    public required long FileLength { get; init; }

    public required long PackagesOffset { get; init; }

    public required long EcosystemsOffset { get; init; }

    public required long SlotsOffset { get; init; }

    public required int AdvisoryCount { get; init; }

    public required int WithdrawnCount { get; init; }

    public required int PackageCount { get; init; }

    public required DateTimeOffset Date { get; init; }

    public required uint EcosystemsChecksum { get; init; }

    public required uint SlotsChecksum { get; init; }

    public static uint Checksum(ReadOnlySpan<byte> bytes, uint start = 0)
    {
        var sum = ~start;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var b in bytes)
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return ~sum;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), AdvisoryCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), WithdrawnCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), PackageCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), FileLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), PackagesOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), EcosystemsOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), SlotsOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), Date.UtcTicks);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(64), EcosystemsChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(68), SlotsChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Size - 4), Checksum(bytes.AsSpan(0, Size - 4)));
        return bytes;
    }

    /// <summary>Throws <see cref="AdvisoryDatabaseException"/> when the bytes are no header, or that of another version or length of file.</summary>
    public static DatabaseHeader Read(ReadOnlySpan<byte> bytes, long fileLength)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic))
        {
            throw new AdvisoryDatabaseException("it is not a database of advisories");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Version)
        {
            throw new AdvisoryDatabaseException("it was written by another version of portcullis; import the advisories again into a new file");
        }

        var header = new DatabaseHeader
        {
            AdvisoryCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            WithdrawnCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            PackageCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            FileLength = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            PackagesOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            EcosystemsOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            SlotsOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            Date = new DateTimeOffset(Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]), 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero),
            EcosystemsChecksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[64..]),
            SlotsChecksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]),
        };
        return Checksum(bytes[..(Size - 4)]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[(Size - 4)..]) && header.IsIn(fileLength)
            ? header
            : throw new AdvisoryDatabaseException("it is damaged; import the advisories again into a new file");
    }

    /// <summary>The checksum says that these are the bytes that were written; this, that they describe the file that is there.</summary>
    private bool IsIn(long fileLength) =>
        FileLength == fileLength && PackagesOffset >= Size && EcosystemsOffset >= PackagesOffset && SlotsOffset >= EcosystemsOffset && SlotsOffset <= fileLength;
}

using System.Buffers.Binary;

namespace Portcullis.Scanning.Packages.Windows;

/// <summary>What the headers of a program or library of Windows say (Microsoft, "PE Format"), as its first bytes have them.</summary>
/// <param name="IsManaged">Whether it is an assembly of .NET.</param>
/// <param name="Resources">The address of its resources; 0 when it has none.</param>
/// <param name="Sections">Its sections: their address, and where they are in the file.</param>
internal sealed record PeImage(bool IsManaged, uint Resources, IReadOnlyList<(uint Address, uint Offset, uint Length)> Sections)
{
    private const int MostSections = 96;
    private const int SectionLength = 40;
    private const int ResourceDirectory = 2;
    private const int ManagedDirectory = 14;

    /// <summary>The headers; null for what is no such file, or has its headers beyond its first bytes, as no linker puts them.</summary>
    public static PeImage? Read(ReadOnlySpan<byte> first)
    {
        if (first.Length < 64 || !first.StartsWith("MZ"u8))
        {
            return null;
        }

        var at = U32(first, 0x3c);
        if (at > (uint)first.Length - 26 || !first[(int)at..].StartsWith("PE\0\0"u8))
        {
            return null;
        }

        var header = first[(int)at..];
        var directories = 24 + (U16(header, 24) == 0x20b ? 112 : 96);
        var table = 24 + U16(header, 20);
        var count = Math.Min((int)U16(header, 6), MostSections);
        if (table + (count * SectionLength) > header.Length || directories > table)
        {
            return null;
        }

        var known = Math.Min(U32(header, directories - 4), (uint)(table - directories) / 8);
        var managed = ManagedDirectory < known ? U32(header, directories + (8 * ManagedDirectory)) : 0;
        var resources = ResourceDirectory < known ? U32(header, directories + (8 * ResourceDirectory)) : 0;
        var sections = new List<(uint, uint, uint)>();
        for (var i = 0; i < count; i++)
        {
            var section = header[(table + (i * SectionLength))..];
            sections.Add((U32(section, 12), U32(section, 20), U32(section, 16)));
        }

        return new(managed != 0, resources, sections);
    }

    /// <summary>Where in the file an address is; null when nothing of the file is there.</summary>
    public long? OffsetOf(uint address)
    {
        foreach (var (start, offset, length) in Sections)
        {
            if (address >= start && address - start < length)
            {
                return (long)offset + address - start;
            }
        }

        return null;
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}

using System.Buffers.Binary;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Windows;

/// <summary>The tree of a binary's resources ("PE Format", "The .rsrc Section"): by type, name and language.</summary>
internal static class ResourceTree
{
    private const uint VersionType = 16;
    private const uint IsTable = 0x80000000;
    private const int TableLength = 16;
    private const int EntryLength = 8;

    /// <summary>The address and the length of the version resource, in its first language; null when there is none.</summary>
    /// <exception cref="UnreadableFileException">The tree leads out of what is there of it.</exception>
    public static (uint Address, uint Length)? Version(ReadOnlySpan<byte> tree)
    {
        if (Entry(tree, 0, VersionType) is not { } type)
        {
            return null;
        }

        // Three levels, whatever they lead to: so that a tree in a circle ends.
        var name = Entry(tree, Table(type), null) ?? throw Damaged();
        var language = Entry(tree, Table(name), null) ?? throw Damaged();
        if ((language & IsTable) != 0 || language + EntryLength > tree.Length)
        {
            throw Damaged();
        }

        return (U32(tree, (int)language), U32(tree, (int)language + 4));
    }

    private static int Table(uint entry) => (entry & IsTable) != 0 ? (int)(entry & ~IsTable) : throw Damaged();

    /// <summary>The entry with a number, or the first.</summary>
    private static uint? Entry(ReadOnlySpan<byte> tree, int table, uint? wanted)
    {
        if (table > tree.Length - TableLength)
        {
            throw Damaged();
        }

        // Those with names come before those with numbers.
        var count = U16(tree, table + 12) + U16(tree, table + 14);
        for (var i = 0; i < count; i++)
        {
            var at = table + TableLength + (i * EntryLength);
            if (at > tree.Length - EntryLength)
            {
                throw Damaged();
            }

            if (wanted is null || U32(tree, at) == wanted)
            {
                return U32(tree, at + 4);
            }
        }

        return null;
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static UnreadableFileException Damaged() => new("its resources are damaged");
}

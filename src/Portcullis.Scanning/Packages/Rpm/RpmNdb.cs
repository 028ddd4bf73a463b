using System.Buffers.Binary;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>An RPM database in the format ndb, Packages.db (rpm, lib/backend/ndb/rpmpkg.c): pages of slots, each of which says where a header is.</summary>
internal sealed class RpmNdb : IPackageReader
{
    private const uint HeaderMagic = 'R' | ('p' << 8) | ('m' << 16) | ((uint)'P' << 24);
    private const uint SlotMagic = 'S' | ('l' << 8) | ('o' << 16) | ((uint)'t' << 24);
    private const uint BlobMagic = 'B' | ('l' << 8) | ('b' << 16) | ((uint)'S' << 24);
    private const int PageLength = 4096;
    private const int SlotLength = 16;
    private const int BlockLength = 16;

    // The first page begins with a header of two slots' length.
    private const int FirstSlot = 32;

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) => RpmDatabases.IsFile(path, "Packages.db");

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var file = source.Content;
        var end = file.Length < FirstSlot || Number(file, 0) != HeaderMagic ? -1 : (long)Number(file, 12) * PageLength;
        if (end < PageLength || end > file.Length)
        {
            throw new UnreadableFileException("it is no database of RPM, or was cut");
        }

        var packages = new RpmPackages(source);
        for (var slot = FirstSlot; slot < end; slot += SlotLength)
        {
            if (Number(file, slot) != SlotMagic)
            {
                throw new UnreadableFileException("a slot of the database is damaged");
            }

            if (Number(file, slot + 4) is > 0 and var package)
            {
                packages.Add(Blob(file, slot, package));
            }
        }

        return packages.Components.All;
    }

    private static ReadOnlyMemory<byte> Blob(ReadOnlyMemory<byte> file, int slot, uint package)
    {
        var offset = (long)Number(file, slot + 8) * BlockLength;
        if (offset + BlockLength > file.Length || Number(file, (int)offset) != BlobMagic || Number(file, (int)offset + 4) != package)
        {
            throw new UnreadableFileException("a package in it is damaged");
        }

        var length = Number(file, (int)offset + 12);
        return offset + BlockLength + length <= file.Length
            ? file.Slice((int)offset + BlockLength, (int)length)
            : throw new UnreadableFileException("the database was cut");
    }

    private static uint Number(ReadOnlyMemory<byte> file, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(file.Span[offset..]);
}

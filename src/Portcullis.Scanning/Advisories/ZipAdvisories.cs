using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Portcullis.Scanning.Advisories;

/// <summary>Reads the advisories of a zip archive, each verified by its checksum and length.</summary>
internal static class ZipAdvisories
{
    private const uint LocalSignature = 0x04034b50;
    private const int LocalSize = 30;
    private const int Stored = 0;
    private const int Deflated = 8;

    /// <summary>Bytes by which deflate may lengthen what it cannot compress, generously.</summary>
    private const int Slack = 1 << 16;

    public static IEnumerable<AdvisoryFile> Read(string path, ImportLimits limits, Action<long> reached)
    {
        using var archive = File.OpenHandle(path);
        var directory = new ZipDirectory(archive, path);
        var left = limits.TotalBytes;
        foreach (var entry in directory.Entries(limits.Files))
        {
            var start = ContentStart(archive, directory, entry);
            if (!AdvisoryFile.MayBe(entry.Name))
            {
                continue;
            }

            left -= Math.Min(entry.Size, limits.AdvisoryBytes);
            if (left < 0)
            {
                throw new CorruptArchiveException($"{path} has more than {limits.TotalBytes} bytes unpacked; nothing of it was imported");
            }

            reached(entry.Offset);
            yield return Read(archive, directory, entry, start, $"{path}: {entry.Name}", limits);
        }
    }

    private static AdvisoryFile Read(SafeFileHandle archive, ZipDirectory directory, ZipEntry entry, long start, string name, ImportLimits limits)
    {
        if (entry.Size > limits.AdvisoryBytes)
        {
            return AdvisoryFile.TooLarge(name, entry.Size, limits.AdvisoryBytes);
        }

        if (entry.IsEncrypted || entry.Method is not (Stored or Deflated))
        {
            return new AdvisoryFile(name, default, "it is encrypted, or compressed in a way that is not read");
        }

        var packed = Packed(archive, directory, entry, start);
        var content = entry.Method == Stored ? packed : Inflate(packed, entry, directory);
        return content.Length == entry.Size && Crc32.Of(content) == entry.Crc
            ? new AdvisoryFile(name, content)
            : throw directory.Corrupt($"the content of {entry.Name} is not what its checksum says");
    }

    /// <summary>Where the content begins, behind the file's own header, which must name the same file: the directory has no checksum.</summary>
    private static long ContentStart(SafeFileHandle archive, ZipDirectory directory, ZipEntry entry)
    {
        var name = Encoding.UTF8.GetBytes(entry.Name);
        var head = new byte[LocalSize + entry.NameLength];
        return Fill(archive, head, entry.Offset) && BinaryPrimitives.ReadUInt32LittleEndian(head) == LocalSignature
            && BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(26)) == entry.NameLength && (entry.NameLength != name.Length || head.AsSpan(LocalSize).SequenceEqual(name))
                ? entry.Offset + LocalSize + entry.NameLength + BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(28))
                : throw directory.Corrupt($"{entry.Name} is not where its directory says");
    }

    private static byte[] Packed(SafeFileHandle archive, ZipDirectory directory, ZipEntry entry, long start)
    {
        if (entry.CompressedSize > entry.Size + Slack)
        {
            throw directory.Corrupt($"{entry.Name} is longer than its directory says");
        }

        var packed = new byte[entry.CompressedSize];
        return Fill(archive, packed, start) ? packed : throw directory.Corrupt($"{entry.Name} ends in the middle");
    }

    private static byte[] Inflate(byte[] packed, ZipEntry entry, ZipDirectory directory)
    {
        var content = new byte[entry.Size];
        try
        {
            using var stream = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
            stream.ReadExactly(content);
            return stream.ReadByte() < 0 ? content : throw directory.Corrupt($"{entry.Name} is longer than its directory says");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw directory.Corrupt($"{entry.Name} cannot be unpacked");
        }
    }

    private static bool Fill(SafeFileHandle archive, Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(archive, bytes, offset);
            if (read == 0)
            {
                return false;
            }

            bytes = bytes[read..];
            offset += read;
        }

        return true;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Portcullis.Scanning.Advisories;

/// <summary>
/// Reads the advisories of a tar archive from a stream (POSIX.1-1988 ustar, with the long names of GNU tar and pax). Each header is verified by its checksum, and the
/// archive must have its end mark. Nothing but an advisory's own content, up to its limit, and names is held in memory.
/// </summary>
internal sealed class TarAdvisories(Stream stream, string path, ImportLimits limits)
{
    private const int Block = 512;
    private const int MaxName = 1 << 16;

    private readonly byte[] _header = new byte[Block];
    private readonly byte[] _discarded = new byte[1 << 16];
    private long _total;

    public IEnumerable<AdvisoryFile> Read()
    {
        string? longName = null;
        for (var files = 0; ReadHeader(); files++)
        {
            if (files == limits.Files)
            {
                throw new CorruptArchiveException($"{path} has more than {limits.Files} files; nothing of it was imported");
            }

            var size = Size();
            var type = (char)_header[156];
            if (type is 'L' or 'x')
            {
                longName = type == 'L' ? Text(Content(Bounded(size))) : PaxPath(Content(Bounded(size))) ?? longName;
                continue;
            }

            var name = longName ?? Name();
            longName = null;
            if (type is not ('0' or '\0') || !AdvisoryFile.MayBe(name))
            {
                Skip(Padded(size));
            }
            else if (size > limits.AdvisoryBytes)
            {
                Skip(Padded(size));
                yield return AdvisoryFile.TooLarge($"{path}: {name}", size, limits.AdvisoryBytes);
            }
            else
            {
                yield return new AdvisoryFile($"{path}: {name}", Content((int)size));
            }
        }

        // To the end, where a compressed stream has its checksum.
        while (Count(stream.Read(_discarded)) > 0)
        {
        }
    }

    private static long Padded(long size) => (size + Block - 1) / Block * Block;

    /// <summary>False at the end mark. Two blocks of zeros are asked for, one is taken (so does GNU tar).</summary>
    private bool ReadHeader()
    {
        Fill(_header);
        if (!_header.AsSpan().ContainsAnyExcept((byte)0))
        {
            return false;
        }

        var sum = 8 * ' ';
        for (var i = 0; i < Block; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : _header[i];
        }

        return Octal(_header.AsSpan(148, 8)) == sum ? true : throw Corrupt("a header is damaged");
    }

    private byte[] Content(int size)
    {
        var content = new byte[size];
        Fill(content);
        Skip(Padded(size) - size);
        return content;
    }

    private int Bounded(long size) => size <= MaxName ? (int)size : throw Corrupt($"a name has more than {MaxName} bytes");

    /// <summary>In octal digits, or base-256 when the first bit is set (GNU tar).</summary>
    private long Size()
    {
        var field = _header.AsSpan(124, 12);
        var size = field[0] >= 0x80 ? BinaryPrimitives.ReadInt64BigEndian(field[4..]) : Octal(field);
        return size >= 0 && size <= limits.TotalBytes ? size : throw Corrupt("a header is damaged");
    }

    private string Name()
    {
        var name = Text(_header.AsSpan(0, 100));
        var prefix = _header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) ? Text(_header.AsSpan(345, 155)) : "";
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes.IndexOf((byte)0) is >= 0 and var end ? bytes[..end] : bytes);

    /// <summary>The record path of a pax extended header; each record is its length, a space, a key, '=', a value and a newline.</summary>
    private string? PaxPath(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            var space = records.IndexOf((byte)' ');
            if (space <= 0 || !System.Buffers.Text.Utf8Parser.TryParse(records[..space], out int length, out var read) || read != space || length <= space + 1 || length > records.Length)
            {
                throw Corrupt("an extended header is damaged");
            }

            var record = records[(space + 1)..length];
            if (record.StartsWith("path="u8))
            {
                return Encoding.UTF8.GetString(record[5..^1]);
            }

            records = records[length..];
        }

        return null;
    }

    private static long Octal(ReadOnlySpan<byte> digits)
    {
        var value = 0L;
        foreach (var digit in digits.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            value = (value * 8) + digit - '0';
        }

        return value;
    }

    private void Skip(long bytes)
    {
        while (bytes > 0)
        {
            var part = _discarded.AsSpan(0, (int)Math.Min(bytes, _discarded.Length));
            Fill(part);
            bytes -= part.Length;
        }
    }

    private void Fill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var read = Count(stream.Read(bytes));
            bytes = read > 0 ? bytes[read..] : throw Corrupt("it ends in the middle");
        }
    }

    private int Count(int read)
    {
        _total += read;
        return _total <= limits.TotalBytes ? read : throw new CorruptArchiveException($"{path} has more than {limits.TotalBytes} bytes unpacked; nothing of it was imported");
    }

    private CorruptArchiveException Corrupt(string what) => new($"{path} is corrupt: {what}; nothing of it was imported");
}

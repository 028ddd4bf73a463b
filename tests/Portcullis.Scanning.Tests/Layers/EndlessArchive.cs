using System.Globalization;
using System.Text;

namespace Portcullis.Scanning.Tests.Layers;

/// <summary>An archive that is made while it is read, so that it needs no memory however many entries it has.</summary>
internal sealed class EndlessArchive(long entries, Func<long, (string Name, char Type, long Size)> entry) : Stream
{
    private readonly byte[] _header = new byte[512];
    private long _next;
    private int _given = 512;
    private long _content;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var written = 0;
        while (written < buffer.Length && Part(buffer[written..]) is > 0 and var count)
        {
            written += count;
        }

        return ValueTask.FromResult(written);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Part(Memory<byte> buffer)
    {
        if (_given == 512 && _content == 0)
        {
            if (_next > entries)
            {
                return 0;
            }

            Begin();
        }

        if (_given < 512)
        {
            var header = Math.Min(512 - _given, buffer.Length);
            _header.AsMemory(_given, header).CopyTo(buffer);
            _given += header;
            return header;
        }

        var content = (int)Math.Min(_content, buffer.Length);
        buffer.Span[..content].Clear();
        _content -= content;
        return content;
    }

    private void Begin()
    {
        Array.Clear(_header);
        if (_next++ == entries)
        {
            // The end: two blocks of zeros.
            (_given, _content) = (0, 512);
            return;
        }

        var (name, type, size) = entry(_next - 1);
        Encoding.UTF8.GetBytes(name, _header);
        "0000755\0"u8.CopyTo(_header.AsSpan(100));
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0'), _header.AsSpan(124));
        "        "u8.CopyTo(_header.AsSpan(148));
        _header[156] = (byte)type;
        "ustar\00000"u8.CopyTo(_header.AsSpan(257));
        var sum = 0;
        foreach (var b in _header.AsSpan(0, 270))
        {
            sum += b;
        }

        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 "), _header.AsSpan(148));
        (_given, _content) = (0, (size + 511) / 512 * 512);
    }
}

using Microsoft.Win32.SafeHandles;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Images;

/// <summary>A part of a file, read from its beginning to its end. The file stays open, and is its owner's.</summary>
internal sealed class FilePart(SafeFileHandle file, long offset, long length) : ForwardStream
{
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = Math.Clamp(value, 0, length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Min(buffer.Length, length - _position);
        var read = count == 0 ? 0 : await RandomAccess.ReadAsync(file, buffer[..count], offset + _position, cancellationToken);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };
}

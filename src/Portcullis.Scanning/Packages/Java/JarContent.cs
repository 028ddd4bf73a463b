using System.Buffers.Binary;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>
/// What a zip archive has of an entry, as it is stored. Where its header does not say how long it is (APPNOTE 4.4.4, bit 3), a descriptor follows that does: it is known by its
/// signature and by the length in it, so that nothing needs to be decompressed to be passed over.
/// </summary>
internal sealed class JarContent(ForwardInput input, long? length) : ForwardStream
{
    private const int DescriptorLength = 16;
    private const int WideDescriptorLength = 24;

    private long _position;
    private bool _ended;

    private static ReadOnlySpan<byte> Signature => "PK\x07\x08"u8;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var part = await NextAsync(buffer.Length, cancellationToken);
        part.CopyTo(buffer);
        return part.Length;
    }

    /// <summary>Passes over what was not read.</summary>
    /// <exception cref="UnreadableFileException">The archive ends before.</exception>
    public async ValueTask SkipRestAsync(CancellationToken cancellationToken)
    {
        while (!(await NextAsync(int.MaxValue, cancellationToken)).IsEmpty)
        {
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> NextAsync(int most, CancellationToken cancellationToken)
    {
        if (_ended || _position == length)
        {
            return default;
        }

        var count = length is { } known ? Math.Min(most, known - _position) : Math.Min(most, await FollowedAsync(cancellationToken));
        if (_ended)
        {
            return default;
        }

        var part = await input.TakeSomeAsync(count, cancellationToken);
        _position += part.Length;
        return part.IsEmpty ? throw Cut() : part;
    }

    /// <summary>How many of the next bytes belong to the entry without doubt; when none does, it has ended.</summary>
    private async ValueTask<int> FollowedAsync(CancellationToken cancellationToken)
    {
        var seen = await input.PeekAsync(WideDescriptorLength, cancellationToken);
        var at = seen.Span.IndexOf(Signature);
        if (at == 0 && DescriptorOf(seen.Span) is { } descriptor)
        {
            _ended = true;
            await input.TakeAsync(descriptor, cancellationToken);
            return 0;
        }

        var count = at switch { 0 => 1, > 0 => at, _ => seen.Length - (Signature.Length - 1) };
        return count > 0 ? count : throw Cut();
    }

    // The signature, the checksum, the compressed length, the length; each of 8 bytes in large entries.
    private int? DescriptorOf(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        >= WideDescriptorLength when BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) == _position => WideDescriptorLength,
        >= DescriptorLength when BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == _position => DescriptorLength,
        _ => null,
    };

    private static UnreadableFileException Cut() => new("it ends within an entry");
}

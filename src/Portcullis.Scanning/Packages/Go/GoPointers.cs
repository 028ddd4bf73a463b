using System.Buffers.Binary;

namespace Portcullis.Scanning.Packages.Go;

/// <summary>
/// Reads the build information of Go 1.13 to 1.17 from an ELF binary: two pointers to Go strings, each an address and a length in the memory of the
/// running program.
/// </summary>
internal sealed class GoPointers
{
    private const int MaxModules = 4 << 20;
    private const int MaxVersion = 256;

    private readonly ElfSegments _segments;
    private readonly KeptBytes _data;
    private readonly int _pointer;
    private readonly bool _bigEndian;

    private GoPointers(ElfSegments segments, KeptBytes data, int pointer, bool bigEndian) =>
        (_segments, _data, _pointer, _bigEndian) = (segments, data, pointer, bigEndian);

    /// <summary>The information that a header leads to; null when it leads nowhere.</summary>
    /// <param name="segments">Where addresses are in the file.</param>
    /// <param name="data">What of the file was kept.</param>
    /// <param name="header">32 bytes: the magic, the size of a pointer, the order of bytes, the pointers.</param>
    public static GoBuildInfo? Read(ElfSegments segments, KeptBytes data, ReadOnlySpan<byte> header)
    {
        var reader = new GoPointers(segments, data, header[14], header[15] != 0);
        var version = reader.Text(reader.Number(header[16..]), MaxVersion);
        var modules = reader.Text(reader.Number(header[(16 + header[14])..]), MaxModules);
        return version is null ? null : GoBuildInfo.Of(version, modules ?? []);
    }

    private byte[]? Text(ulong address, int limit) =>
        At(address, 2 * _pointer) is { } text && Number(text.AsSpan(_pointer)) is var length && length <= (ulong)limit ? At(Number(text), (int)length) : null;

    private byte[]? At(ulong address, int count) => _segments.OffsetOf(address) is { } offset ? _data.Read(offset, count) : null;

    private ulong Number(ReadOnlySpan<byte> bytes) => (_pointer, _bigEndian) switch
    {
        (8, false) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        (8, true) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        (_, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
    };
}

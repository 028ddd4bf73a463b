using System.Buffers;

namespace Portcullis.Scanning.Packages.Go;

/// <summary>
/// Finds the build information in a binary as the binary passes by. It begins with 14 bytes that nothing else has, at a multiple of 16. From Go 1.18 on
/// the two strings follow it (flag 2); before, two pointers do, and the strings lie anywhere: so the data of a binary is kept, up to <see cref="MaxKept"/>,
/// until its information was seen.
/// </summary>
internal sealed class GoBuildInfoScanner
{
    /// <summary>How many bytes of constants and data a binary of Go 1.17 or before may have, so that its modules are read.</summary>
    public const int MaxKept = 48 << 20;

    private const int FirstBytes = 4096;
    private const int HeaderLength = 32;
    private const int Alignment = 16;
    private const byte StringsFollow = 2;

    // 60 bytes a module; kubernetes has 200 of them.
    private const int MaxModules = 4 << 20;
    private const int MaxVersion = 256;

    // Split, so that it is not found in this program's own assembly.
    private static readonly byte[] Magic = [0xff, .. " Go bu"u8, .. "ildinf:"u8];

    private readonly KeptBytes _kept = new(MaxKept);
    private readonly ArrayBufferWriter<byte> _found = new();
    private readonly byte[] _edge = new byte[2 * (Alignment - 1)];
    private ElfSegments? _segments;
    private int _edgeLength;
    private long _passed;
    private long _position;
    private int _needed;
    private bool _done;

    public GoBuildInfo? Found { get; private set; }

    /// <summary>Whether the information is there, of the old kind, and could not be read.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>Begins with another binary, of which these are the first bytes: 4 KiB, if it has as many. They are not yet looked at.</summary>
    public void Begin(ReadOnlySpan<byte> first)
    {
        // A note of the Go linker, among the first that a binary has, tells that it may be needed (ELF specification, "Note Section").
        _segments = first[..Math.Min(first.Length, FirstBytes)].IndexOf("Go\0\0"u8) >= 0 ? ElfSegments.Read(first) : null;
        _kept.Begin(_segments?.Data ?? []);
        _found.ResetWrittenCount();
        (_edgeLength, _passed, _position, _needed, _done) = (0, 0, 0, 0, false);
        (Found, IsUnreadable) = (null, false);
    }

    /// <summary>Looks at the next bytes of the binary.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_done)
        {
            return;
        }

        _kept.Add(_passed, bytes);
        _passed += bytes.Length;
        while (!bytes.IsEmpty && !_done)
        {
            bytes = _needed > 0 ? Collect(bytes) : Search(bytes);
        }
    }

    /// <summary>The binary has ended.</summary>
    public void Finish()
    {
        if (_needed == HeaderLength && _found.WrittenCount == HeaderLength && !_done)
        {
            var header = _found.WrittenSpan[..HeaderLength];
            Found = _segments is not null && _kept.IsWhole ? GoPointers.Read(_segments, _kept, header) : null;
            IsUnreadable = Found is null;
        }
    }

    private ReadOnlySpan<byte> Search(ReadOnlySpan<byte> bytes)
    {
        if (_edgeLength > 0 && SearchEdge(bytes) is { } begun)
        {
            return Begin(bytes, begun);
        }

        for (var at = 0; bytes[at..].IndexOf(Magic) is >= 0 and var next; at += next + 1)
        {
            if ((_position + at + next) % Alignment == 0)
            {
                return Begin(bytes, at + next);
            }
        }

        KeepEdge(bytes);
        _position += bytes.Length;
        return [];
    }

    // The magic may begin in what passed before: then at a negative offset of these bytes.
    private int? SearchEdge(ReadOnlySpan<byte> bytes)
    {
        var more = Math.Min(bytes.Length, Magic.Length - 1);
        bytes[..more].CopyTo(_edge.AsSpan(_edgeLength));
        var at = _edge.AsSpan(0, _edgeLength + more).IndexOf(Magic);
        return at >= 0 && (_position - _edgeLength + at) % Alignment == 0 ? at - _edgeLength : null;
    }

    private ReadOnlySpan<byte> Begin(ReadOnlySpan<byte> bytes, int at)
    {
        _found.ResetWrittenCount();
        if (at < 0)
        {
            _found.Write(_edge.AsSpan(_edgeLength + at, -at));
        }

        _edgeLength = 0;
        _needed = HeaderLength;
        _position += Math.Max(at, 0);
        return bytes[Math.Max(at, 0)..];
    }

    private void KeepEdge(ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(bytes.Length, Magic.Length - 1);
        bytes[^length..].CopyTo(_edge);
        _edgeLength = length;
    }

    private ReadOnlySpan<byte> Collect(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, _needed - _found.WrittenCount);
        _found.Write(bytes[..taken]);
        _position += taken;
        if (_found.WrittenCount == _needed)
        {
            Continue();
        }

        // Of the old kind nothing follows; the end of the binary is waited for.
        return taken == 0 ? [] : bytes[taken..];
    }

    // Strings are their length, as a varint, and their bytes. Each step says how far the next one must see.
    private void Continue()
    {
        var found = _found.WrittenSpan;
        if ((found[Alignment - 1] & StringsFollow) == 0)
        {
            // The size of a pointer and the order of bytes; else it only looked like the beginning.
            _needed = found[Alignment - 2] is 4 or 8 && found[Alignment - 1] <= 1 ? _needed : 0;
            return;
        }

        ReadOnlySpan<byte> rest = found[HeaderLength..];
        if (!TryTake(ref rest, MaxVersion, out var version) || !TryTake(ref rest, MaxModules, out var modules))
        {
            return;
        }

        Found = GoBuildInfo.Of(version, modules);
        (_done, _needed) = (Found is not null, 0);
    }

    private bool TryTake(ref ReadOnlySpan<byte> rest, int limit, out ReadOnlySpan<byte> text)
    {
        text = [];
        ulong length = 0;
        for (var i = 0; i < 5; i++)
        {
            if (i >= rest.Length)
            {
                _needed++;
                return false;
            }

            length |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if ((rest[i] & 0x80) != 0)
            {
                continue;
            }

            return TryTake(ref rest, i + 1, length, limit, out text);
        }

        _needed = 0;
        return false;
    }

    private bool TryTake(ref ReadOnlySpan<byte> rest, int prefix, ulong length, int limit, out ReadOnlySpan<byte> text)
    {
        text = [];
        if (length > (ulong)limit)
        {
            // It only looked like the beginning.
            _needed = 0;
            return false;
        }

        if (rest.Length < prefix + (int)length)
        {
            _needed += prefix + (int)length - rest.Length;
            return false;
        }

        text = rest.Slice(prefix, (int)length);
        rest = rest[(prefix + (int)length)..];
        return true;
    }
}

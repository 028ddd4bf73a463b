using System.Buffers;
using System.IO.Compression;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rust;

/// <summary>Finds the list of crates in a binary of Rust that was built with `cargo auditable`, as the binary passes by.</summary>
internal sealed class AuditScanner
{
    // A list of hundreds of crates has 10 KiB. Its own readers go to 8 MiB once decompressed.
    private const int MaxCompressed = 2 << 20;
    private const int MaxBytes = 8 << 20;

    private readonly byte[] _edge = new byte[2 * AuditStart.Length];
    private readonly ArrayBufferWriter<byte> _found = new();
    private int _edgeLength;
    private bool _isFound;

    /// <summary>The crates; none when the binary does not list them.</summary>
    public IReadOnlyList<Component> Found { get; private set; } = [];

    /// <summary>Whether the binary lists them, and the list could not be read.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>Begins with another binary.</summary>
    public void Begin()
    {
        _found.ResetWrittenCount();
        (_edgeLength, _isFound, Found, IsUnreadable) = (0, false, [], false);
    }

    /// <summary>Looks at the next bytes of the binary.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (!_isFound)
        {
            bytes = Search(bytes);
        }

        _found.Write(_isFound ? bytes[..Math.Min(bytes.Length, MaxCompressed - _found.WrittenCount)] : []);
    }

    /// <summary>The binary has ended.</summary>
    public void Finish()
    {
        if (!_isFound && AuditStart.Find(_edge.AsSpan(0, _edgeLength), _edgeLength) is >= 0 and var at)
        {
            _isFound = true;
            _found.Write(_edge.AsSpan(at, _edgeLength - at));
        }

        if (!_isFound)
        {
            return;
        }

        try
        {
            Found = AuditedCrates.Read(Decompressed());
        }
        catch (Exception exception) when (exception is UnreadableFileException or InvalidDataException)
        {
            IsUnreadable = true;
        }
    }

    /// <summary>What of these bytes belongs to the list, when it begins in them or in what passed before; the last of them are kept until more is seen.</summary>
    private ReadOnlySpan<byte> Search(ReadOnlySpan<byte> bytes)
    {
        var more = Math.Min(bytes.Length, AuditStart.Length);
        bytes[..more].CopyTo(_edge.AsSpan(_edgeLength));
        var seen = _edge.AsSpan(0, _edgeLength + more);
        // What begins in the edge and has not enough after it yet stays there.
        var known = Math.Min(_edgeLength, Math.Max(0, seen.Length - AuditStart.Length + 1));
        if (AuditStart.Find(seen, known) is >= 0 and var inEdge)
        {
            _isFound = true;
            _found.Write(_edge.AsSpan(inEdge, _edgeLength - inEdge));
            return bytes;
        }

        if (bytes.Length < AuditStart.Length)
        {
            seen[known..].CopyTo(_edge);
            _edgeLength = seen.Length - known;
            return [];
        }

        var before = bytes.Length - AuditStart.Length + 1;
        var at = AuditStart.Find(bytes, before);
        _isFound = at >= 0;
        bytes[before..].CopyTo(_edge);
        _edgeLength = bytes.Length - before;
        return _isFound ? bytes[at..] : [];
    }

    private byte[] Decompressed()
    {
        using var zlib = new ZLibStream(new MemoryStream(_found.WrittenSpan.ToArray()), CompressionMode.Decompress);
        using var text = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (zlib.Read(buffer) is > 0 and var count)
        {
            text.Write(buffer, 0, count);
            if (text.Length > MaxBytes)
            {
                throw new UnreadableFileException("its list of crates has too many bytes");
            }
        }

        return text.ToArray();
    }
}

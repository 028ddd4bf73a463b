using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>Reads the entry of a package: first what it is, then the advisories that affect it, one after the other.</summary>
internal ref struct PackageEntry
{
    private readonly int _length;
    private PackedReader _reader;
    private int _left;

    public PackageEntry(ReadOnlySpan<byte> content)
    {
        _length = content.Length;
        _reader = new PackedReader(content);
        Hash = _reader.Raw(StoredAdvisory.HashSize);
        Ecosystem = (int)Math.Min(_reader.Number(), int.MaxValue);
        Name = _reader.Bytes();
        _left = _reader.Count();
    }

    /// <summary>Of all that findings of the package are made of.</summary>
    public ReadOnlySpan<byte> Hash { get; }

    /// <summary>The index of the ecosystem's name.</summary>
    public int Ecosystem { get; }

    /// <summary>The package's name in UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The next advisory's record.</summary>
    public long RecordOffset { get; private set; }

    public int RecordLength { get; private set; }

    /// <summary>The versions that it affects, packed.</summary>
    public ReadOnlySpan<byte> Versions { get; private set; }

    /// <summary>Where in the entry <see cref="Versions"/> begins.</summary>
    public int VersionsStart { get; private set; }

    public bool Next()
    {
        if (_left-- == 0)
        {
            return false;
        }

        RecordOffset = (long)_reader.Number();
        RecordLength = (int)Math.Min(_reader.Number(), int.MaxValue);
        Versions = _reader.Bytes();
        VersionsStart = _length - _reader.Rest.Length - Versions.Length;
        return true;
    }
}

namespace Portcullis.Core.Versions;

/// <summary>
/// A version as bytes whose order is the order of the versions of its ecosystem: equal versions have equal bytes. So keys are compared, and stored, without
/// knowing which ecosystem they are of; keys of two ecosystems say nothing about each other.
/// </summary>
public readonly struct VersionKey : IEquatable<VersionKey>, IComparable<VersionKey>
{
    private readonly byte[]? _bytes;

    public VersionKey(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>The bytes, to be compared as unsigned numbers from the first to the last; of two, of which one begins with the other, the shorter is first.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public int CompareTo(VersionKey other) => Bytes.SequenceCompareTo(other.Bytes);

    public bool Equals(VersionKey other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is VersionKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public override string ToString() => Convert.ToHexString(Bytes);

    public static bool operator ==(VersionKey left, VersionKey right) => left.Equals(right);

    public static bool operator !=(VersionKey left, VersionKey right) => !left.Equals(right);

    public static bool operator <(VersionKey left, VersionKey right) => left.CompareTo(right) < 0;

    public static bool operator >(VersionKey left, VersionKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(VersionKey left, VersionKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(VersionKey left, VersionKey right) => left.CompareTo(right) >= 0;
}

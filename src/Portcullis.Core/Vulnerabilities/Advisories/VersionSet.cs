using Portcullis.Core.Versions;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>
/// The versions of a package that an advisory is about, as intervals that do not touch, in the order of versions. It is kept as bytes, as the database
/// has it, and asked without being unpacked.
/// </summary>
public sealed class VersionSet : IEquatable<VersionSet>
{
    private const byte HasLow = 1;
    private const byte HasHigh = 2;
    private const byte IncludesHigh = 4;
    private const byte HasFix = 8;

    private readonly byte[] _packed;

    private VersionSet(byte[] packed) => _packed = packed;

    public static VersionSet All { get; } = Of([new VersionInterval()]);

    public static VersionSet None { get; } = Of([]);

    /// <summary>The bytes that <see cref="Contains(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> and <see cref="FixAfter"/> read.</summary>
    public ReadOnlySpan<byte> Packed => _packed;

    /// <summary>The versions that are in any of the intervals, which may overlap and be in any order.</summary>
    public static VersionSet Of(IEnumerable<VersionInterval> intervals)
    {
        var united = VersionUnion.Of(intervals);
        var writer = new PackedWriter();
        writer.Number((ulong)united.Count);
        foreach (var interval in united)
        {
            Write(writer, interval);
        }

        return new VersionSet(writer.Written.ToArray());
    }

    /// <summary>The versions that are in one or the other.</summary>
    public VersionSet Or(VersionSet other) => Of([.. Intervals(), .. other.Intervals()]);

    public bool Contains(VersionKey key) => Contains(_packed, key.Bytes);

    /// <summary>Whether a version, given by the bytes of its key, is in a packed set.</summary>
    public static bool Contains(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> key)
    {
        var reader = new PackedReader(packed);
        for (var left = reader.Count(); left > 0; left--)
        {
            var interval = new PackedInterval(ref reader);
            if (interval.IsAfter(key))
            {
                return false;
            }

            if (!interval.IsBefore(key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The version at which the set's first interval ends that does not lie before a version, of those that end with one that is said to be free; with no key
    /// (which stands for a version that is not known) the last of all. False when there is none.
    /// </summary>
    /// <param name="packed">The set.</param>
    /// <param name="key">The bytes of the version's key.</param>
    /// <param name="fix">The bytes of the key of the version that is free.</param>
    /// <param name="text">That version as the advisory writes it, in UTF-8.</param>
    public static bool FixAfter(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> fix, out ReadOnlySpan<byte> text)
    {
        fix = text = default;
        var found = false;
        var reader = new PackedReader(packed);
        for (var left = reader.Count(); left > 0 && !(found && key.Length > 0); left--)
        {
            var interval = new PackedInterval(ref reader);
            if (interval.IsOpen && key.IsEmpty)
            {
                return false;
            }

            if (interval.Fix.Length > 0 && (key.IsEmpty || !interval.IsBefore(key)))
            {
                found = true;
                fix = interval.High;
                text = interval.Fix;
            }
        }

        return found;
    }

    public IReadOnlyList<VersionInterval> Intervals()
    {
        var reader = new PackedReader(_packed);
        var intervals = new VersionInterval[reader.Count()];
        for (var i = 0; i < intervals.Length; i++)
        {
            intervals[i] = new PackedInterval(ref reader).ToInterval();
        }

        return intervals;
    }

    public bool Equals(VersionSet? other) => other is not null && Packed.SequenceEqual(other.Packed);

    public override bool Equals(object? obj) => Equals(obj as VersionSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_packed);
        return hash.ToHashCode();
    }

    private static void Write(PackedWriter writer, VersionInterval interval)
    {
        var fix = interval.High is null ? null : interval.FixedIn;
        writer.Byte((byte)((interval.Low is null ? 0 : HasLow) | (interval.High is null ? 0 : HasHigh) | (interval.IncludesHigh ? IncludesHigh : 0) | (fix is null ? 0 : HasFix)));
        if (interval.Low is { } low)
        {
            writer.Bytes(low.Bytes);
        }

        if (interval.High is { } high)
        {
            writer.Bytes(high.Bytes);
        }

        if (fix is not null)
        {
            writer.Text(fix);
        }
    }

    /// <summary>An interval in place.</summary>
    private readonly ref struct PackedInterval
    {
        private readonly byte _flags;

        public PackedInterval(scoped ref PackedReader reader)
        {
            _flags = reader.Byte();
            Low = Has(HasLow) ? reader.Bytes() : default;
            High = Has(HasHigh) ? reader.Bytes() : default;
            Fix = Has(HasFix) ? reader.Bytes() : default;
        }

        public ReadOnlySpan<byte> Low { get; }

        public ReadOnlySpan<byte> High { get; }

        public ReadOnlySpan<byte> Fix { get; }

        public bool IsOpen => !Has(HasHigh);

        /// <summary>It begins behind the version.</summary>
        public bool IsAfter(ReadOnlySpan<byte> key) => Has(HasLow) && key.SequenceCompareTo(Low) < 0;

        /// <summary>It ends before the version.</summary>
        public bool IsBefore(ReadOnlySpan<byte> key)
        {
            if (IsOpen)
            {
                return false;
            }

            var order = key.SequenceCompareTo(High);
            return Has(IncludesHigh) ? order > 0 : order >= 0;
        }

        public VersionInterval ToInterval() => new()
        {
            Low = Has(HasLow) ? new VersionKey(Low) : null,
            High = Has(HasHigh) ? new VersionKey(High) : null,
            IncludesHigh = Has(IncludesHigh),
            FixedIn = Has(HasFix) ? System.Text.Encoding.UTF8.GetString(Fix) : null,
        };

        private bool Has(byte flag) => (_flags & flag) != 0;
    }
}

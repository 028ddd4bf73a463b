using System.Security.Cryptography;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>An advisory in the form in which the database has it, which takes little memory: an import holds all of them.</summary>
internal sealed record StoredAdvisory
{
    public const int HashSize = 16;

    private const byte Withdrawn = 1;
    private const byte NoScore = 255;

    public required string Id { get; init; }

    public required DateTimeOffset Modified { get; init; }

    public required DateTimeOffset Published { get; init; }

    public required bool IsWithdrawn { get; init; }

    /// <summary>What it says of its vulnerability, packed.</summary>
    public required byte[] Details { get; init; }

    public required IReadOnlyList<StoredVersions> Affected { get; init; }

    public static StoredAdvisory Of(Advisory advisory)
    {
        var writer = new PackedWriter();
        Write(writer, advisory.Details);
        return new StoredAdvisory
        {
            Id = advisory.Details.Id,
            Modified = advisory.Modified,
            Published = advisory.Published,
            IsWithdrawn = advisory.IsWithdrawn,
            Details = writer.Written.ToArray(),
            Affected = [.. advisory.Affected.Select(a => new StoredVersions(a.Package, a.Versions.Packed.ToArray()))],
        };
    }

    /// <summary>The record's bytes: times, flags, how others rate its vulnerability, and details.</summary>
    public void WriteRecord(PackedWriter writer, AdvisoryRating others)
    {
        writer.Number((ulong)Modified.UtcTicks);
        writer.Number((ulong)Published.UtcTicks);
        writer.Byte(IsWithdrawn ? Withdrawn : (byte)0);
        Write(writer, others);
        writer.Raw(Details);
    }

    /// <summary>The advisory of a record, without the packages that it affects, which the packages' entries have.</summary>
    public static StoredAdvisory ReadRecord(ReadOnlySpan<byte> bytes)
    {
        var reader = new PackedReader(bytes);
        var (modified, published) = (Time(reader.Number()), Time(reader.Number()));
        var flags = reader.Byte();
        _ = ReadRating(ref reader);
        var details = reader.Rest.ToArray();
        return new StoredAdvisory
        {
            Id = reader.Text(),
            Modified = modified,
            Published = published,
            IsWithdrawn = (flags & Withdrawn) != 0,
            Details = details,
            Affected = [],
        };
    }

    /// <summary>What a record says of its vulnerability, with the better of its own rating and that of others.</summary>
    public static AdvisoryDetails ReadDetails(ReadOnlySpan<byte> record)
    {
        var reader = new PackedReader(record);
        _ = reader.Number();
        _ = reader.Number();
        _ = reader.Byte();
        var others = ReadRating(ref reader);
        return Read(reader.Rest, others);
    }

    /// <summary>What it says itself.</summary>
    public AdvisoryDetails OwnDetails() => Read(Details, AdvisoryRating.None);

    private static AdvisoryDetails Read(ReadOnlySpan<byte> details, AdvisoryRating others)
    {
        var reader = new PackedReader(details);
        return new AdvisoryDetails
        {
            Id = reader.Text(),
            Aliases = reader.Texts(),
            Upstream = reader.Texts(),
            Summary = reader.Text(),
            Rating = AdvisoryRating.Better(ReadRating(ref reader), others),
        };
    }

    /// <summary>Whether two texts of an advisory say the same.</summary>
    public bool IsSame(StoredAdvisory other) =>
        Modified == other.Modified && Published == other.Published && IsWithdrawn == other.IsWithdrawn && Details.AsSpan().SequenceEqual(other.Details)
            && Affected.Count == other.Affected.Count
            && Affected.Zip(other.Affected).All(p => p.First.Package == p.Second.Package && p.First.Versions.AsSpan().SequenceEqual(p.Second.Versions));

    /// <summary>The first bytes of the SHA-256.</summary>
    public static void FinishHash(IncrementalHash hash, Span<byte> destination)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..HashSize].CopyTo(destination);
    }

    private static void Write(PackedWriter writer, AdvisoryDetails details)
    {
        writer.Text(details.Id);
        writer.Texts(details.Aliases);
        writer.Texts(details.Upstream);
        writer.Text(details.Summary);
        Write(writer, details.Rating);
    }

    private static void Write(PackedWriter writer, AdvisoryRating rating)
    {
        writer.Byte((byte)rating.Source);
        writer.Byte((byte)rating.Severity);
        writer.Byte(rating.Score is { } score ? (byte)decimal.Round(score * 10) : NoScore);
        writer.Text(rating.Vector ?? "");
    }

    private static AdvisoryRating ReadRating(ref PackedReader reader)
    {
        var (source, severity, score, vector) = (reader.Byte(), reader.Byte(), reader.Byte(), reader.Text());
        return new AdvisoryRating
        {
            Source = (RatingSource)source,
            Severity = (Severity)severity,
            Score = score == NoScore ? null : score / 10m,
            Vector = vector.Length == 0 ? null : vector,
        };
    }

    private static DateTimeOffset Time(ulong ticks) =>
        ticks <= (ulong)DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset((long)ticks, TimeSpan.Zero) : throw new FormatException("a time is out of range");
}

/// <summary>Which versions of a package an advisory affects, packed.</summary>
internal sealed record StoredVersions(AdvisoryPackage Package, byte[] Versions);

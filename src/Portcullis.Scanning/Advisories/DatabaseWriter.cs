using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>Writes a database's file (<see cref="DatabaseHeader"/>). The same advisories give the same bytes, in whichever order they were read.</summary>
internal sealed class DatabaseWriter(Stream file) : IDisposable
{
    private readonly PackedWriter _packed = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<(ulong Hash, int Length, long Offset)> _entries = [];
    private readonly Dictionary<string, AdvisoryRating> _others = new(StringComparer.Ordinal);
    private long _position;

    public void Dispose() => _hash.Dispose();

    public void Write(IReadOnlyCollection<StoredAdvisory> advisories)
    {
        Put(new byte[DatabaseHeader.Size]);
        var sorted = advisories.OrderBy(a => a.Id, StringComparer.Ordinal).ToList();
        var packages = Packages(sorted);
        var ecosystems = packages.Keys.Select(p => p.Ecosystem).Distinct().Order(StringComparer.Ordinal).ToList();
        var places = WriteRecords(sorted);
        var packagesOffset = _position;
        foreach (var (package, affections) in packages)
        {
            WritePackage(ecosystems, package, affections, places);
        }

        var ecosystemsOffset = _position;
        _packed.Clear();
        _packed.Texts(ecosystems);
        var ecosystemsChecksum = DatabaseHeader.Checksum(_packed.Written);
        Put(_packed.Written);
        var slotsOffset = _position;
        var slots = SlotTable.Of(_entries);
        Put(slots);
        var header = new DatabaseHeader
        {
            FileLength = _position,
            PackagesOffset = packagesOffset,
            EcosystemsOffset = ecosystemsOffset,
            SlotsOffset = slotsOffset,
            AdvisoryCount = sorted.Count(a => a.Affected.Count > 0),
            WithdrawnCount = sorted.Count(a => a.IsWithdrawn),
            PackageCount = packages.Count,
            Date = sorted.Select(a => a.Modified > a.Published ? a.Modified : a.Published).Append(DateTimeOffset.MinValue).Max(),
            EcosystemsChecksum = ecosystemsChecksum,
            SlotsChecksum = DatabaseHeader.Checksum(slots),
        };
        file.Position = 0;
        file.Write(header.ToBytes());
    }

    private static SortedDictionary<AdvisoryPackage, List<(StoredAdvisory Advisory, byte[] Versions)>> Packages(List<StoredAdvisory> advisories)
    {
        var packages = new Dictionary<AdvisoryPackage, List<(StoredAdvisory, byte[])>>();
        foreach (var advisory in advisories)
        {
            foreach (var affected in advisory.Affected)
            {
                if (!packages.TryGetValue(affected.Package, out var affections))
                {
                    packages.Add(affected.Package, affections = []);
                }

                affections.Add((advisory, affected.Versions));
            }
        }

        return new SortedDictionary<AdvisoryPackage, List<(StoredAdvisory, byte[])>>(packages);
    }

    private Dictionary<string, (long Offset, int Length)> WriteRecords(List<StoredAdvisory> advisories)
    {
        var ratings = new KnownRatings();
        advisories.ForEach(a => ratings.Add(a.OwnDetails()));
        var places = new Dictionary<string, (long, int)>(advisories.Count, StringComparer.Ordinal);
        foreach (var advisory in advisories)
        {
            _packed.Clear();
            var others = ratings.OthersOf(advisory.OwnDetails());
            advisory.WriteRecord(_packed, others);
            places.Add(advisory.Id, (_position, PutFramed()));
            if (others.Source != RatingSource.None)
            {
                _others.Add(advisory.Id, others);
            }
        }

        return places;
    }

    private void WritePackage(
        List<string> ecosystems, AdvisoryPackage package, List<(StoredAdvisory Advisory, byte[] Versions)> affections, Dictionary<string, (long Offset, int Length)> places)
    {
        _packed.Clear();
        _packed.Raw(HashOf(affections));
        _packed.Number((ulong)ecosystems.BinarySearch(package.Ecosystem, StringComparer.Ordinal));
        _packed.Text(package.Name);
        _packed.Number((ulong)affections.Count);
        foreach (var (advisory, versions) in affections)
        {
            var (offset, length) = places[advisory.Id];
            _packed.Number((ulong)offset);
            _packed.Number((ulong)length);
            _packed.Bytes(versions);
        }

        var at = _position;
        _entries.Add((PackageHash.Of(package.Ecosystem, package.Name), PutFramed(), at));
    }

    /// <summary>Of all that findings of the package are made of; when an advisory was modified is not part of it.</summary>
    private byte[] HashOf(List<(StoredAdvisory Advisory, byte[] Versions)> affections)
    {
        Span<byte> lengths = stackalloc byte[8];
        foreach (var (advisory, versions) in affections)
        {
            BinaryPrimitives.WriteInt32LittleEndian(lengths, advisory.Details.Length);
            BinaryPrimitives.WriteInt32LittleEndian(lengths[4..], versions.Length);
            _hash.AppendData(lengths);
            _hash.AppendData(advisory.Details);
            _hash.AppendData(versions);
            if (_others.TryGetValue(advisory.Id, out var others))
            {
                _hash.AppendData(Encoding.UTF8.GetBytes($"{others.Source} {others.Vector}"));
            }
        }

        var hash = new byte[StoredAdvisory.HashSize];
        StoredAdvisory.FinishHash(_hash, hash);
        return hash;
    }

    /// <summary>Writes what is packed, after its length and checksum; the number of all bytes.</summary>
    private int PutFramed()
    {
        Span<byte> frame = stackalloc byte[DatabaseHeader.FrameSize];
        BinaryPrimitives.WriteInt32LittleEndian(frame, _packed.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], DatabaseHeader.Checksum(_packed.Written));
        Put(frame);
        Put(_packed.Written);
        return DatabaseHeader.FrameSize + _packed.Length;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        _position += bytes.Length;
    }
}

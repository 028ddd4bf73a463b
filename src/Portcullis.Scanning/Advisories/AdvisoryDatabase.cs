using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Versions;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>
/// A database of advisories, as one file that never changes: an import writes another one and renames it over the path. Whoever has one open goes on with it. Any number
/// of threads may ask. A piece that is damaged throws <see cref="AdvisoryDatabaseException"/>: nothing is left out.
/// </summary>
public sealed class AdvisoryDatabase : IAdvisoryIndex, IDisposable
{
    private readonly DatabaseFile _file;
    private readonly SlotTable _slots;
    private readonly DetailsCache _details;
    private readonly EcosystemChoice _choice;
    private readonly string[] _ecosystems;

    private AdvisoryDatabase(DatabaseFile file, string[] ecosystems, SlotTable slots)
    {
        _file = file;
        _ecosystems = ecosystems;
        _slots = slots;
        _details = new DetailsCache(file);
        _choice = new EcosystemChoice(ecosystems);
    }

    public string Path => _file.Path;

    public DateTimeOffset Date => _file.Header.Date;

    /// <summary>Advisories that affect some package.</summary>
    public int AdvisoryCount => _file.Header.AdvisoryCount;

    /// <summary>Advisories that were taken back: they are remembered, so that an older text of them changes nothing.</summary>
    public int WithdrawnCount => _file.Header.WithdrawnCount;

    public int PackageCount => _file.Header.PackageCount;

    /// <summary>Bytes.</summary>
    public long Size => _file.Header.FileLength;

    /// <summary>The ecosystems of which it has any advisory (<see cref="OsvEcosystem.Canonical"/>), in ordinal order.</summary>
    public IReadOnlyList<string> Ecosystems => _ecosystems;

    internal DatabaseFile File => _file;

    /// <summary>Throws <see cref="AdvisoryDatabaseException"/> when the file is no database, and other exceptions of input and output when it cannot be read.</summary>
    public static AdvisoryDatabase Open(string path)
    {
        var file = DatabaseFile.Open(path);
        try
        {
            var header = file.Header;
            var names = file.ReadPart(header.EcosystemsOffset, header.SlotsOffset, header.EcosystemsChecksum, "the list of ecosystems");
            var slots = file.ReadPart(header.SlotsOffset, header.FileLength, header.SlotsChecksum, "the index");
            return SlotTable.IsValidLength(slots.Length)
                ? new AdvisoryDatabase(file, [.. new PackedReader(names).Texts()], new SlotTable(slots))
                : throw file.Damaged("the index");
        }
        catch (FormatException)
        {
            file.Dispose();
            throw file.Damaged("the list of ecosystems");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    public bool Covers(PackageFormat format, Distribution? distribution) => _choice.Of(format, distribution).Count > 0;

    public IReadOnlyList<Finding> FindingsOf(Component component, Distribution? distribution)
    {
        var ecosystems = _choice.Of(component.Format, distribution);
        if (ecosystems.Count == 0)
        {
            return [];
        }

        List<AdvisoryMatch>? matches = null;
        foreach (var (name, version) in OsvEcosystem.LookUpsOf(component))
        {
            foreach (var ecosystem in ecosystems)
            {
                Match(ecosystem, name, component.Format, version, ref matches);
            }
        }

        return matches is null ? [] : FindingMerge.Of(component, matches);
    }

    /// <summary>
    /// The packages whose findings may differ between two databases: those that only one has, and those of which the advisories differ in anything that a finding tells.
    /// </summary>
    public static IReadOnlyList<AdvisoryPackage> ChangedPackages(AdvisoryDatabase older, AdvisoryDatabase newer) => PackageComparison.Changed(older, newer);

    /// <summary>Reads and verifies the whole file; throws <see cref="AdvisoryDatabaseException"/> at the first damaged piece.</summary>
    public void Verify(CancellationToken cancellationToken)
    {
        foreach (var _ in _file.ReadAll(DatabaseHeader.Size, _file.Header.EcosystemsOffset))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Match(string ecosystem, string name, PackageFormat format, string version, ref List<AdvisoryMatch>? matches)
    {
        var probe = 0;
        var hash = PackageHash.Of(ecosystem, name);
        while (_slots.TryNext(hash, ref probe, out var offset, out var length))
        {
            try
            {
                var content = _file.Piece(offset, length);
                var entry = new PackageEntry(content.Span);
                if (IsOf(entry, ecosystem, name))
                {
                    AddMatches(entry, content, format, version, matches ??= []);
                    return;
                }
            }
            catch (FormatException)
            {
                throw _file.Damaged($"the package at {offset}");
            }
        }
    }

    private void AddMatches(PackageEntry entry, ReadOnlyMemory<byte> content, PackageFormat format, string version, List<AdvisoryMatch> matches)
    {
        // A version that is not known, or none of its ecosystem, may be any: its key is empty, and every advisory matches.
        var key = VersionOrders.Of(format).TryKey(version, out var known) ? known.Bytes : default;
        while (entry.Next())
        {
            if (!key.IsEmpty && !VersionSet.Contains(entry.Versions, key))
            {
                continue;
            }

            var isFixed = VersionSet.FixAfter(entry.Versions, key, out var fix, out var text);
            matches.Add(new AdvisoryMatch(
                _details.Get(entry.RecordOffset, entry.RecordLength),
                content.Slice(entry.VersionsStart, entry.Versions.Length),
                isFixed ? Encoding.UTF8.GetString(text) : null,
                isFixed ? fix.ToArray() : default(ReadOnlyMemory<byte>)));
        }
    }

    private bool IsOf(PackageEntry entry, string ecosystem, string name)
    {
        Span<byte> utf8 = stackalloc byte[512];
        var bytes = Encoding.UTF8.GetMaxByteCount(name.Length) <= utf8.Length ? utf8[..Encoding.UTF8.GetBytes(name, utf8)] : Encoding.UTF8.GetBytes(name);
        return entry.Ecosystem < _ecosystems.Length && _ecosystems[entry.Ecosystem] == ecosystem && entry.Name.SequenceEqual(bytes);
    }
}

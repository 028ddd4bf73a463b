using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>What became of an advisory that was read.</summary>
internal enum MergeOutcome
{
    Added,
    Updated,

    /// <summary>It was there and is taken back now.</summary>
    Withdrawn,

    Unchanged,

    /// <summary>A later text of it was there already.</summary>
    Older,
}

/// <summary>Advisories by identifier, of each the text that was modified last.</summary>
internal sealed class AdvisorySet
{
    private readonly Dictionary<string, StoredAdvisory> _byId = new(StringComparer.Ordinal);

    public IReadOnlyCollection<StoredAdvisory> Advisories => _byId.Values;

    public static AdvisorySet Of(AdvisoryDatabase database)
    {
        var set = new AdvisorySet();
        var affected = new Dictionary<long, List<StoredVersions>>();
        var file = database.File;
        foreach (var (offset, piece) in file.ReadAll(file.Header.PackagesOffset, file.Header.EcosystemsOffset))
        {
            Collect(database, offset, piece.Span, affected);
        }

        foreach (var (offset, piece) in file.ReadAll(DatabaseHeader.Size, file.Header.PackagesOffset))
        {
            var advisory = Read(database, offset, piece.Span);
            set._byId[advisory.Id] = affected.TryGetValue(offset, out var versions) ? advisory with { Affected = versions } : advisory;
        }

        return set;
    }

    /// <summary>
    /// Takes an advisory, unless a text of it that was modified later is there. Of two that were modified at the same time the one that comes now is taken: some publishers
    /// never say when.
    /// </summary>
    public MergeOutcome Add(StoredAdvisory advisory)
    {
        if (!_byId.TryGetValue(advisory.Id, out var present))
        {
            _byId.Add(advisory.Id, advisory);
            return MergeOutcome.Added;
        }

        if (advisory.Modified < present.Modified)
        {
            return MergeOutcome.Older;
        }

        if (advisory.IsSame(present))
        {
            return MergeOutcome.Unchanged;
        }

        _byId[advisory.Id] = advisory;
        return advisory.IsWithdrawn && !present.IsWithdrawn ? MergeOutcome.Withdrawn : MergeOutcome.Updated;
    }

    private static StoredAdvisory Read(AdvisoryDatabase database, long offset, ReadOnlySpan<byte> piece)
    {
        try
        {
            return StoredAdvisory.ReadRecord(piece);
        }
        catch (FormatException)
        {
            throw database.File.Damaged($"the advisory at {offset}");
        }
    }

    private static void Collect(AdvisoryDatabase database, long offset, ReadOnlySpan<byte> piece, Dictionary<long, List<StoredVersions>> affected)
    {
        try
        {
            var entry = new PackageEntry(piece);
            var package = new AdvisoryPackage(database.Ecosystems[entry.Ecosystem], System.Text.Encoding.UTF8.GetString(entry.Name));
            while (entry.Next())
            {
                if (!affected.TryGetValue(entry.RecordOffset, out var versions))
                {
                    affected.Add(entry.RecordOffset, versions = []);
                }

                versions.Add(new StoredVersions(package, entry.Versions.ToArray()));
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw database.File.Damaged($"the package at {offset}");
        }
    }
}

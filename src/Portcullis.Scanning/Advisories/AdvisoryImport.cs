using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>
/// Imports advisories into a database's file: what is there stays, unless what is read was modified later. All sources are read before anything is written; one that is
/// corrupt ends the import, and the database is as it was.
/// </summary>
public sealed class AdvisoryImport(string databasePath, ImportLimits limits)
{
    /// <summary>Files read at a time, and their bytes together: then they are parsed on all processors.</summary>
    private const int BatchFiles = 512;

    private const long BatchBytes = 32 * 1024 * 1024;

    /// <summary>
    /// Reads the sources in their order. Throws <see cref="CorruptArchiveException"/>, <see cref="AdvisoryDatabaseException"/> when the present database is damaged, and other
    /// exceptions of input and output; in each case the database is as it was.
    /// </summary>
    public ImportReport Run(IEnumerable<string> sources, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        using var held = DurableFile.Lock(databasePath);
        var tally = new ImportTally();
        var set = Present();
        foreach (var source in sources)
        {
            Read(source, set, tally, progress, cancellationToken);
        }

        var write = tally.IsChange || !File.Exists(databasePath);
        if (write)
        {
            progress?.Report(new ImportProgress("", set.Advisories.Count, null));
            Write(set.Advisories);
        }

        return tally.ToReport(write);
    }

    /// <summary>Writes a database of exactly these advisories.</summary>
    public static void Write(string path, IEnumerable<Advisory> advisories)
    {
        var set = new AdvisorySet();
        foreach (var advisory in advisories)
        {
            set.Add(StoredAdvisory.Of(advisory));
        }

        using var held = DurableFile.Lock(path);
        new AdvisoryImport(path, ImportLimits.Default).Write(set.Advisories);
    }

    private void Write(IReadOnlyCollection<StoredAdvisory> advisories) => DurableFile.Replace(databasePath, file =>
    {
        using var writer = new DatabaseWriter(file);
        writer.Write(advisories);
    });

    private AdvisorySet Present()
    {
        if (!File.Exists(databasePath))
        {
            return new AdvisorySet();
        }

        using var database = AdvisoryDatabase.Open(databasePath);
        return AdvisorySet.Of(database);
    }

    private void Read(string source, AdvisorySet set, ImportTally tally, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var length = AdvisorySource.LengthOf(source);
        var reached = 0L;
        var read = 0;
        foreach (var batch in Batches(AdvisorySource.Read(source, limits, at => reached = at)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (file, reading, advisory) in batch.AsParallel().AsOrdered().Select(Parse).ToList())
            {
                Add(file, reading, advisory, set, tally);
            }

            read += batch.Count;
            progress?.Report(new ImportProgress(source, read, length > 0 ? Math.Min(1, reached / (double)length) : null));
        }
    }

    private static IEnumerable<List<AdvisoryFile>> Batches(IEnumerable<AdvisoryFile> files)
    {
        var (batch, bytes) = (new List<AdvisoryFile>(), 0L);
        foreach (var file in files)
        {
            batch.Add(file);
            bytes += file.Content.Length;
            if (batch.Count >= BatchFiles || bytes >= BatchBytes)
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }
        }

        yield return batch;
    }

    private static (AdvisoryFile File, AdvisoryReading Reading, StoredAdvisory? Advisory) Parse(AdvisoryFile file)
    {
        if (file.Fault is { } fault)
        {
            return (file, new AdvisoryReading { Fault = fault }, null);
        }

        var reading = file.IsYaml ? OsvReader.ReadYaml(file.Content) : OsvReader.ReadJson(file.Content);
        return (file, reading, reading.Advisory is { } advisory ? StoredAdvisory.Of(advisory) : null);
    }

    private static void Add(AdvisoryFile file, AdvisoryReading reading, StoredAdvisory? advisory, AdvisorySet set, ImportTally tally)
    {
        if (advisory is not null)
        {
            tally.Add(set.Add(advisory));
            tally.Add(advisory.Id, reading.Notes);
        }
        else if (reading.IsAdvisory)
        {
            tally.AddUnreadable(file.Name, reading.Fault ?? "");
        }
        else
        {
            tally.AddPassedOver();
        }
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Components;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;
using Portcullis.Scanning.Store;

namespace Portcullis.Scans;

/// <summary>
/// Puts another vulnerability database in place, and has those images judged again that may be judged differently: by what is stored of them, without their
/// layers. The work is that of what changed.
/// </summary>
internal sealed partial class Rematch(
    Advisories advisories, ComponentStore store, IStore<ImageScan> scans, ReconcileTrigger<ImageScan> trigger, ScanMetrics metrics, ILogger<Rematch> logger)
{
    /// <summary>The database that was there at the start is in use.</summary>
    public void Started()
    {
        if (advisories.Current is { } current)
        {
            metrics.Database(current.Date);
        }
    }

    /// <param name="index">The new database.</param>
    /// <param name="mayDiffer">Whether it may say something else of a component than the present one. Of a component by which nothing differs, nothing is asked again.</param>
    /// <returns>How many images are judged again.</returns>
    public int Replace(IAdvisoryIndex index, Func<Component, bool> mayDiffer)
    {
        var isFirst = advisories.Current is null;
        advisories.Replace(index, mayDiffer);
        metrics.Database(index.Date);
        var concerned = isFirst || ImagesWith(mayDiffer) is not { } images ? [.. scans.List()] : Concerned(images);
        foreach (var scan in concerned)
        {
            trigger.Enqueue(scan.Key);
        }

        metrics.Rematched(concerned.Count);
        return concerned.Count;
    }

    /// <summary>Removes from the store what no scan is about any more. A store that cannot be written is cleaned another time.</summary>
    public void Clean()
    {
        if (!scans.IsSynced)
        {
            return;
        }

        try
        {
            store.Keep(scans.List().Select(s => s.Spec.Digest).ToHashSet(StringComparer.Ordinal));
        }
        catch (SqliteException e)
        {
            Log.NotCleaned(logger, e.Message);
        }
    }

    /// <summary>Null when the store cannot be read at the moment: it may be any image then.</summary>
    private IReadOnlySet<string>? ImagesWith(Func<Component, bool> mayDiffer)
    {
        try
        {
            return store.ImagesWith(mayDiffer);
        }
        catch (SqliteException e)
        {
            Log.NotRead(logger, e.Message);
            return null;
        }
    }

    /// <summary>The scans of these images; an index follows its images.</summary>
    private List<ImageScan> Concerned(IReadOnlySet<string> images)
    {
        var concerned = new List<ImageScan>();
        foreach (var scan in scans.List())
        {
            if (images.Contains(scan.Spec.Digest) || scan.Status?.Images?.Any(images.Contains) == true || scan.Status?.State is null or ImageScanState.Pending)
            {
                concerned.Add(scan);
            }
        }

        return concerned;
    }

    private static partial class Log
    {
        [LoggerMessage(7403, LogLevel.Warning, "The store of components cannot be read, so that all images are judged again: {Problem}")]
        public static partial void NotRead(ILogger logger, string problem);

        [LoggerMessage(7404, LogLevel.Warning, "The store of components cannot be cleaned: {Problem}")]
        public static partial void NotCleaned(ILogger logger, string problem);
    }
}

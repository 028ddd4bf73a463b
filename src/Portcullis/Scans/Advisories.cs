using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Advisories;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Scans;

/// <summary>
/// The vulnerability database that images are judged by. It is replaced as a whole; whoever has the former one goes on with it. It is opened before anything is
/// judged, so that no start of the operator leaves an image without a result.
/// </summary>
internal sealed class Advisories
{
    private readonly AdvisoryDatabases? _databases;
    private AdvisoryDatabase? _database;
    private volatile AdvisoryMatches? _current;

    public Advisories(ScanOptions options)
    {
        if (options.Advisories is { } path)
        {
            _databases = new AdvisoryDatabases(path);
            if (Refresh() is { } found)
            {
                Replace(found.Index, found.MayDiffer);
            }
        }
    }

    /// <summary>Null while there is no database.</summary>
    public AdvisoryMatches? Current => _current;

    /// <summary>Why the file that is there now is not in use; null when it is, or when there is none.</summary>
    public string? Problem => _databases?.Problem;

    /// <summary>Looks whether the file was replaced; null when it was not. Called by one at a time.</summary>
    public (IAdvisoryIndex Index, Func<Component, bool> MayDiffer)? Refresh()
    {
        if (_databases?.Refresh() != true || _databases.Current is not { } found)
        {
            return null;
        }

        var before = _database;
        _database = found;
        try
        {
            return (found, before is null ? _ => true : MayDiffer(before, found));
        }
        catch (AdvisoryDatabaseException)
        {
            // The former one cannot be read whole any more: anything may differ.
            return (found, _ => true);
        }
    }

    /// <param name="index">The new database.</param>
    /// <param name="mayDiffer">Whether it may say something else of a component than the present one.</param>
    public void Replace(IAdvisoryIndex index, Func<Component, bool> mayDiffer) => _current = new AdvisoryMatches(index, _current, mayDiffer);

    /// <summary>By the name alone: which distribution a component is of is not known where images are found by it.</summary>
    private static Func<Component, bool> MayDiffer(AdvisoryDatabase before, AdvisoryDatabase now)
    {
        if (!before.Ecosystems.SequenceEqual(now.Ecosystems, StringComparer.Ordinal))
        {
            // What was covered by no advisories may be now.
            return _ => true;
        }

        var names = AdvisoryDatabase.ChangedPackages(before, now).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return names.Count == 0 ? _ => false : component => OsvEcosystem.LookUpsOf(component).Any(l => names.Contains(l.Name));
    }
}

using System.Text.Json;
using Portcullis.Core.Versions;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Reads which packages an advisory affects, in which versions. Several entries of one package, ranges and lists of versions are any of them.</summary>
internal sealed class OsvAffectedReader
{
    private const string Pro = ":Pro:";

    private readonly SortedDictionary<AdvisoryPackage, VersionSet> _packages = [];
    private readonly Dictionary<AdvisoryPackage, VersionSet> _withSupport = [];

    public List<AdvisoryNote> Notes { get; } = [];

    /// <summary>Whether a distribution's package is affected.</summary>
    public bool IsOfDistribution { get; private set; }

    /// <summary>False when an entry names no package although it has something else than commits of a source repository.</summary>
    public bool TryRead(IEnumerable<JsonElement> affected) => affected.All(TryRead);

    public IReadOnlyList<AffectedPackage> Packages()
    {
        // Ubuntu's extended support repairs what the release itself does not: it speaks where the release is silent.
        foreach (var (package, versions) in _withSupport)
        {
            _packages.TryAdd(package, versions);
        }

        return [.. _packages.Select(p => new AffectedPackage(p.Key, p.Value))];
    }

    private bool TryRead(JsonElement affected)
    {
        var (ranges, readable) = Ranges(affected);
        if (OsvJson.Member(affected, "package") is not { } package)
        {
            return ranges.Count == 0 && readable && OsvJson.Items(affected, "ranges").Any();
        }

        if (OsvJson.Text(package, "name") is not { Length: > 0 } name || OsvJson.Text(package, "ecosystem") is not { Length: > 0 } ecosystem)
        {
            return false;
        }

        if (OsvEcosystem.Canonical(ecosystem) is not { } canonical)
        {
            Notes.Add(new AdvisoryNote(AdvisoryNoteKind.OtherEcosystem, ecosystem.Split(':')[0]));
            return true;
        }

        var format = OsvEcosystem.FormatOf(canonical);
        IsOfDistribution |= OsvEcosystem.IsOfDistribution(format);
        var versions = readable ? Versions(name, VersionOrders.Of(format), ranges, OsvJson.Texts(affected, "versions")) : AllVersions(name);
        Add(ecosystem.Contains(Pro, StringComparison.Ordinal) ? _withSupport : _packages, new AdvisoryPackage(canonical, OsvEcosystem.CanonicalName(format, name)), versions);
        return true;
    }

    private static void Add(IDictionary<AdvisoryPackage, VersionSet> packages, AdvisoryPackage package, VersionSet versions) =>
        packages[package] = packages.TryGetValue(package, out var others) ? others.Or(versions) : versions;

    private VersionSet Versions(string name, IVersionOrder order, List<OsvRange> ranges, IReadOnlyList<string> listed)
    {
        if (ranges.Count == 0 && listed.Count == 0)
        {
            return AllVersions(name);
        }

        var intervals = new List<VersionInterval>();
        foreach (var range in ranges)
        {
            if (RangeEvaluation.Intervals(range, order) is not { } read)
            {
                return AllVersions(name);
            }

            intervals.AddRange(read);
        }

        // A text that is no version is not kept: a component that has it has no known version, and is taken for affected anyway.
        foreach (var version in listed)
        {
            if (order.TryKey(version, out var key))
            {
                intervals.Add(new VersionInterval { Low = key, High = key, IncludesHigh = true });
            }
        }

        return VersionSet.Of(intervals);
    }

    private VersionSet AllVersions(string name)
    {
        Notes.Add(new AdvisoryNote(AdvisoryNoteKind.AllVersions, name));
        return VersionSet.All;
    }

    /// <summary>The ranges of versions, and whether all of them could be read.</summary>
    private (List<OsvRange> Ranges, bool Readable) Ranges(JsonElement affected)
    {
        var ranges = new List<OsvRange>();
        var readable = OsvJson.Member(affected, "ranges") is null or { ValueKind: JsonValueKind.Array };
        foreach (var range in OsvJson.Items(affected, "ranges"))
        {
            var type = OsvJson.Text(range, "type");
            if (type == "GIT")
            {
                Notes.Add(new AdvisoryNote(AdvisoryNoteKind.GitRange, ""));
            }
            else if (type is "SEMVER" or "ECOSYSTEM" && Events(range) is { } events)
            {
                ranges.Add(new OsvRange(events));
            }
            else
            {
                readable = false;
            }
        }

        return (ranges, readable);
    }

    /// <summary>Null when there is an event that the schema does not know.</summary>
    private static List<OsvEvent>? Events(JsonElement range)
    {
        var events = new List<OsvEvent>();
        foreach (var element in OsvJson.Items(range, "events"))
        {
            var before = events.Count;
            foreach (var (name, kind) in EventNames)
            {
                if (OsvJson.Text(element, name) is { Length: > 0 } version)
                {
                    events.Add(new OsvEvent(kind, version));
                }
            }

            if (events.Count == before)
            {
                return null;
            }
        }

        return events;
    }

    private static readonly (string Name, OsvEventKind Kind)[] EventNames =
    [
        ("introduced", OsvEventKind.Introduced),
        ("fixed", OsvEventKind.Fixed),
        ("last_affected", OsvEventKind.LastAffected),
        ("limit", OsvEventKind.Limit),
    ];
}

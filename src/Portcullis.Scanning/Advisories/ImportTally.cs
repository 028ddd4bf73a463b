using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>Counts what an import reads; of what is listed, the first of each kind.</summary>
internal sealed class ImportTally
{
    private const int Listed = 50;

    private readonly Dictionary<MergeOutcome, int> _outcomes = [];
    private readonly List<string> _unreadable = [];
    private readonly List<string> _allVersions = [];
    private readonly List<string> _leftOut = [];
    private readonly SortedDictionary<string, int> _ecosystems = new(StringComparer.Ordinal);
    private int _unreadableCount;
    private int _passedOver;
    private int _gitRanges;
    private int _allVersionsCount;

    public bool IsChange => Count(MergeOutcome.Added) + Count(MergeOutcome.Updated) + Count(MergeOutcome.Withdrawn) > 0;

    public void Add(MergeOutcome outcome) => _outcomes[outcome] = Count(outcome) + 1;

    public void AddUnreadable(string file, string reason)
    {
        _unreadableCount++;
        List(_unreadable, $"{file}: {reason}");
    }

    public void AddPassedOver() => _passedOver++;

    public void Add(string id, IReadOnlyList<AdvisoryNote> notes)
    {
        foreach (var note in notes)
        {
            switch (note.Kind)
            {
                case AdvisoryNoteKind.GitRange:
                    _gitRanges++;
                    break;
                case AdvisoryNoteKind.OtherEcosystem:
                    _ecosystems[note.Text] = _ecosystems.GetValueOrDefault(note.Text) + 1;
                    break;
                case AdvisoryNoteKind.AllVersions:
                    _allVersionsCount++;
                    List(_allVersions, $"{id}: {note.Text}");
                    break;
                default:
                    List(_leftOut, $"{id}: {note.Text}");
                    break;
            }
        }
    }

    public ImportReport ToReport(bool written) => new()
    {
        Added = Count(MergeOutcome.Added),
        Updated = Count(MergeOutcome.Updated),
        Withdrawn = Count(MergeOutcome.Withdrawn),
        Unchanged = Count(MergeOutcome.Unchanged),
        Older = Count(MergeOutcome.Older),
        IsWritten = written,
        Unreadable = _unreadableCount,
        UnreadableFiles = _unreadable,
        PassedOver = _passedOver,
        GitRanges = _gitRanges,
        AllVersions = _allVersionsCount,
        AllVersionsOf = _allVersions,
        LeftOut = _leftOut,
        OtherEcosystems = _ecosystems,
    };

    private int Count(MergeOutcome outcome) => _outcomes.GetValueOrDefault(outcome);

    private static void List(List<string> list, string text)
    {
        if (list.Count < Listed)
        {
            list.Add(text);
        }
    }
}

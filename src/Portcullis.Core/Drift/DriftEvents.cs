namespace Portcullis.Core.Drift;

/// <summary>The Event about a change that somebody made beside Git and that was undone.</summary>
public static class DriftEvents
{
    public static ReportedEvent PutBack(string reason, string what, bool wasDeleted, Attribution by) =>
        new(Warning: true, reason, $"{what} was {(wasDeleted ? "deleted" : "changed")} {by}{(by.Fields.Length == 0 ? "" : $" ({by.Fields})")}; restored as declared");
}

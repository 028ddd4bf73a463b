namespace Portcullis.Up;

/// <summary>
/// The width of each column on a terminal of a given width: full where there is room. Otherwise SHOWS is dropped first, then names and
/// messages are cut, so that a resource is one line and READY and AGE are always shown.
/// </summary>
internal sealed record TableColumns(int Kind, int Name, int Ready, int Status, int Age, int Shows)
{
    public const int Gap = 2;

    /// <summary>A narrower SHOWS is dropped.</summary>
    private const int LeastShows = 16;
    private const int LeastStatus = 10;
    private const int LeastName = 12;

    public static TableColumns Fit(IReadOnlyList<TableCells> rows, int width)
    {
        var natural = new TableColumns(
            Widest(rows, r => r.Kind), Widest(rows, r => r.Name), Widest(rows, r => r.Ready), Widest(rows, r => r.Status), Widest(rows, r => r.Age), Widest(rows, r => r.Shows));
        if (natural.Total <= width)
        {
            return natural;
        }

        // One long message must not remove the last column from all rows.
        var status = Math.Min(natural.Status, Math.Max(40, width * 2 / 5));
        var rest = width - (natural with { Status = status, Shows = 0 }).Total - Gap;
        if (rest >= LeastShows)
        {
            var shows = Math.Min(natural.Shows, rest);
            return natural with { Shows = shows, Status = status + rest - shows };
        }

        var narrow = natural with { Shows = 0, Name = Math.Min(natural.Name, Math.Max(LeastName, width * 3 / 10)) };
        return narrow with { Status = Math.Max(LeastStatus, Math.Min(natural.Status, width - (narrow with { Status = 0 }).Total)) };
    }

    public int Total => Kind + Gap + Name + Gap + Ready + Gap + Status + Gap + Age + (Shows > 0 ? Gap + Shows : 0);

    private static int Widest(IReadOnlyList<TableCells> rows, Func<TableCells, string> cell) => rows.Max(r => cell(r).Length);
}

/// <summary>The texts of one row.</summary>
internal sealed record TableCells(string Kind, string Name, string Ready, string Status, string Age, string Shows, ResourceState State);

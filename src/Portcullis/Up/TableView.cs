using System.Globalization;
using System.Text.RegularExpressions;
using Portcullis.Processes;
using Spectre.Console;

namespace Portcullis.Up;

/// <summary>Draws the components and the resources as lines of markup, none wider than the terminal.</summary>
internal static partial class TableView
{
    /// <summary>Lines of the message of a resource that is not Ready; its status has the whole message.</summary>
    private const int MostLinesOfMessage = 4;

    /// <param name="rows">In the order to show them.</param>
    /// <param name="now">The time that ages are relative to.</param>
    /// <param name="width">Of the terminal.</param>
    /// <param name="mostLines">Resources that do not fit are counted; those that are not Ready are shown first.</param>
    public static IReadOnlyList<string> Resources(IReadOnlyList<ResourceRow> rows, DateTimeOffset now, int width, int mostLines = int.MaxValue)
    {
        var header = new TableCells("KIND", "NAME", "READY", "STATUS", "AGE", "SHOWS", ResourceState.Ready);
        var cells = rows.Select(r => Cells(r, now)).ToList();
        var columns = TableColumns.Fit([header, .. cells], width);
        var drawn = cells.Select(c => (Cells: c, Lines: Draw(c, columns))).ToList();
        var fits = drawn.Sum(d => d.Lines.Count) <= mostLines - 1;
        var lines = new List<string> { $"[bold]{Line(header, header.Status, columns, header.Ready)}[/]" };
        var hidden = new List<TableCells>();
        foreach (var (one, its) in fits ? drawn : [.. drawn.OrderBy(d => d.Cells.State == ResourceState.Ready)])
        {
            // The last line counts the rest.
            if (hidden.Count == 0 && lines.Count + its.Count <= (fits ? mostLines : mostLines - 1))
            {
                lines.AddRange(its);
            }
            else
            {
                hidden.Add(one);
            }
        }

        if (hidden.Count > 0)
        {
            var waiting = hidden.Count(h => h.State != ResourceState.Ready);
            lines.Add(string.Create(
                CultureInfo.InvariantCulture, $"[dim]and {hidden.Count} more, {(waiting == 0 ? "all Ready" : $"{waiting} of them not Ready")}[/]"));
        }

        return lines;
    }

    public static IReadOnlyList<string> Components(IReadOnlyList<ComponentReport> components, int width)
    {
        var names = components.Select(p => p.Name.Length).DefaultIfEmpty().Max();
        var states = components.Select(p => Word(p.State).Length).DefaultIfEmpty().Max();
        return
        [
            .. components.Select(p =>
                $"{Markup.Escape(p.Name.PadRight(names))}  [{Color(p.State)}]{Word(p.State).PadRight(states)}[/]  {Markup.Escape(Cut(p.Message, width - names - states - 4))}"),
        ];
    }

    /// <summary>The text cut to a number of characters.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, Math.Max(0, width - 1)), "…");

    private static TableCells Cells(ResourceRow row, DateTimeOffset now) => new(
        row.Kind, row.Name, row.Ready, Short(row.Message.ReplaceLineEndings(" ")), Age.Text(now - row.Created), Short(row.Datum), row.State);

    private static string Short(string text) => Abbreviated().Replace(text, "$1");

    private static IReadOnlyList<string> Draw(TableCells cells, TableColumns columns)
    {
        var color = cells.State switch { ResourceState.Ready => "green", ResourceState.Failed => "red", _ => "yellow" };
        var status = cells.State == ResourceState.Ready ? [cells.Status] : Wrap(cells.Status, columns.Status, columns.Total - columns.Kind - TableColumns.Gap);
        var below = new string(' ', columns.Kind + TableColumns.Gap);
        return
        [
            Line(cells, status[0], columns, $"[{color}]{cells.Ready}[/]"),
            .. status.Skip(1).Select(more => below + Markup.Escape(more)),
        ];
    }

    private static string Line(TableCells cells, string status, TableColumns columns, string ready)
    {
        var gap = new string(' ', TableColumns.Gap);
        var line = string.Join(
            gap,
            Markup.Escape(Fill(cells.Kind, columns.Kind)),
            Markup.Escape(Fill(cells.Name, columns.Name)),
            ready + new string(' ', columns.Ready - cells.Ready.Length),
            Markup.Escape(Fill(status, columns.Status)),
            Markup.Escape(Fill(cells.Age, columns.Age)));
        return columns.Shows > 0 ? $"{line}{gap}{Markup.Escape(Cut(cells.Shows, columns.Shows))}" : line;
    }

    private static string Fill(string text, int width) => Cut(text, width).PadRight(width);

    /// <summary>Wraps between words where possible; the last line ends in … when the text is longer.</summary>
    private static List<string> Wrap(string text, int firstWidth, int width)
    {
        var lines = new List<string>();
        var (rest, room) = (text, firstWidth);
        while (rest.Length > room && lines.Count < MostLinesOfMessage - 1)
        {
            var space = rest.LastIndexOf(' ', room);
            var end = space > room / 2 ? space : room;
            lines.Add(rest[..end]);
            (rest, room) = (rest[end..].TrimStart(), width);
        }

        lines.Add(Cut(rest, room));
        return lines;
    }

    /// <summary>A commit is shown by its first 8 digits; status has all 40.</summary>
    [GeneratedRegex(@"\b([0-9a-f]{8})[0-9a-f]{32}\b")]
    private static partial Regex Abbreviated();

    private static string Word(ComponentState state) => state.ToString().ToLowerInvariant();

    private static string Color(ComponentState state) => state switch
    {
        ComponentState.Running => "green",
        ComponentState.Failed => "red",
        ComponentState.Stopped => "dim",
        _ => "yellow",
    };
}

using System.Globalization;
using System.Text.RegularExpressions;
using Portcullis.Processes;
using Spectre.Console;

namespace Portcullis.Up;

/// <summary>Draws the parts and the resources as tables.</summary>
internal static partial class TableView
{
    public static Table Resources(IReadOnlyList<ResourceRow> rows, DateTimeOffset now, int mostRows = int.MaxValue)
    {
        var table = new Table { Border = TableBorder.Simple, Expand = false };
        table.AddColumns(Column("KIND"), Column("NAME"), Column("READY"), new TableColumn("STATUS"), Column("AGE"), Column("SHOWS"));

        // What needs somebody's attention stays in sight when there is no room for all.
        var shown = rows.Count <= mostRows ? rows : [.. rows.OrderBy(r => r.State == ResourceState.Ready).Take(mostRows)];
        foreach (var row in shown)
        {
            table.AddRow(
                Markup.Escape(row.Kind),
                Markup.Escape(row.Name),
                Colored(row.State, row.Ready),
                Markup.Escape(row.Message),
                Age.Text(now - row.Created),
                Markup.Escape(Abbreviated().Replace(row.Datum, "$1")));
        }

        if (shown.Count < rows.Count)
        {
            table.Caption = new TableTitle(string.Create(CultureInfo.InvariantCulture, $"and {rows.Count - shown.Count} more, all Ready or out of room"));
        }

        return table;
    }

    public static Table Parts(IEnumerable<PartReport> parts)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns(Column(""), Column(""), new TableColumn(""));
        foreach (var part in parts)
        {
            table.AddRow(Markup.Escape(part.Name), Colored(part.State), Markup.Escape(part.Message));
        }

        return table;
    }

    /// <summary>A commit's 40 digits leave no room for the rest; status has them all.</summary>
    [GeneratedRegex(@"\b([0-9a-f]{8})[0-9a-f]{32}\b")]
    private static partial Regex Abbreviated();

    private static TableColumn Column(string title) => new(title) { NoWrap = true };

    private static string Colored(ResourceState state, string ready) => state switch
    {
        ResourceState.Ready => $"[green]{ready}[/]",
        ResourceState.Failed => $"[red]{ready}[/]",
        _ => $"[yellow]{ready}[/]",
    };

    private static string Colored(PartState state) => state switch
    {
        PartState.Running => "[green]running[/]",
        PartState.Starting => "[yellow]starting[/]",
        PartState.Missing => "[yellow]missing[/]",
        PartState.Failed => "[red]failed[/]",
        _ => "stopped",
    };
}

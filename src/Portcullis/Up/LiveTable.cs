using System.Collections.Concurrent;
using System.Text;
using Portcullis.Processes;
using Spectre.Console;

namespace Portcullis.Up;

/// <summary>
/// The live table of a terminal: components above, every resource below, redrawn in place. It has the terminal's alternate screen, as <c>top</c> does: lines
/// of the ordinary screen are wrapped anew by the terminal when its width changes, and then nobody knows how many lines there are to draw over.
/// </summary>
internal sealed class LiveTable(IAnsiConsole console, TimeProvider time) : IUpDisplay
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string EraseLine = "\e[K";
    private const string EraseBelow = "\e[J";
    private const string HowToStop = "[dim]Ctrl-C stops everything. To leave it running without this terminal, start it with nohup and &, or in tmux.[/]";

    /// <summary>Of the table, even on a terminal with fewer lines.</summary>
    private const int LeastLines = 5;

    private readonly ConcurrentDictionary<string, ComponentReport> _components = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _said = new();
    private volatile IReadOnlyList<ResourceRow> _rows = [];

    public void Say(string line) => _said.Enqueue(line);

    public void Component(ComponentReport report) => _components[report.Name] = report;

    public void Rows(IReadOnlyList<ResourceRow> rows) => _rows = rows;

    /// <summary>Draws until cancelled, and leaves the last state on the ordinary screen.</summary>
    public async Task DrawAsync(CancellationToken cancellationToken)
    {
        console.WriteAnsi(Enter);
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
            do
            {
                console.WriteAnsi(Frame());
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
        finally
        {
            console.WriteAnsi(Leave);
            console.Write(Picture(mostLines: int.MaxValue, isRunning: false));
        }
    }

    /// <summary>The whole screen, written over the one before in one piece. Never more lines than there are, else the terminal would scroll.</summary>
    private string Frame()
    {
        var height = console.Profile.Height;
        var lines = console.ToAnsi(Picture(height, isRunning: true)).TrimEnd('\n').Split('\n').Take(height);
        return new StringBuilder(Home).AppendJoin(EraseLine + "\r\n", lines).Append(EraseLine).Append(EraseBelow).ToString();
    }

    /// <summary>The instructions come first, and resources get the rest.</summary>
    private Rows Picture(int mostLines, bool isRunning)
    {
        var width = console.Profile.Width;
        var lines = TableView.Components([.. _components.Values.OrderBy(p => p.Name, StringComparer.Ordinal)], width).ToList();
        lines.AddRange(_said.Select(Markup.Escape));
        if (isRunning)
        {
            lines.Add(HowToStop);
        }

        var taken = lines.Sum(line => 1 + (Math.Max(0, Markup.Remove(line).Length - 1) / width));
        var rows = _rows;
        if (rows.Count > 0)
        {
            lines.Add(" ");
            lines.AddRange(TableView.Resources(rows, time.GetUtcNow(), width, Math.Max(LeastLines, mostLines - taken - 1)));
        }

        return new Rows(lines.Select(line => new Markup(line)));
    }
}

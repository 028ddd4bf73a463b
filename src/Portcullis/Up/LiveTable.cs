using System.Collections.Concurrent;
using Portcullis.Processes;
using Spectre.Console;

namespace Portcullis.Up;

/// <summary>The live table of a terminal: parts above, every resource below, redrawn in place.</summary>
internal sealed class LiveTable(IAnsiConsole console, TimeProvider time) : IUpDisplay
{
    /// <summary>Of the table, however low the terminal.</summary>
    private const int LeastLines = 5;

    private readonly ConcurrentDictionary<string, PartReport> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _said = new();
    private volatile IReadOnlyList<ResourceRow> _rows = [];

    public void Say(string line) => _said.Enqueue(line);

    public void Part(PartReport report) => _parts[report.Name] = report;

    public void Rows(IReadOnlyList<ResourceRow> rows) => _rows = rows;

    /// <summary>Draws until cancelled, then leaves the last picture standing.</summary>
    public async Task DrawAsync(CancellationToken cancellationToken)
    {
        await console.Live(Picture()).AutoClear(false).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
            try
            {
                while (await timer.WaitForNextTickAsync(cancellationToken))
                {
                    live.UpdateTarget(Picture());
                }
            }
            catch (OperationCanceledException)
            {
                live.UpdateTarget(Picture());
            }
        });
    }

    /// <summary>Never higher than the terminal, whose first lines would scroll away: the instructions come first, and resources get what is left.</summary>
    private Rows Picture()
    {
        var (width, height) = (console.Profile.Width, console.Profile.Height);
        var lines = TableView.Parts([.. _parts.Values.OrderBy(p => p.Name, StringComparer.Ordinal)], width).ToList();
        lines.AddRange(_said.Select(Markup.Escape));
        var taken = lines.Count + _said.Sum(line => Math.Max(0, line.Length - 1) / width);
        var rows = _rows;
        if (rows.Count > 0)
        {
            lines.Add(" ");
            lines.AddRange(TableView.Resources(rows, time.GetUtcNow(), width, Math.Max(LeastLines, height - taken - 2)));
        }

        return new Rows(lines.Select(line => new Markup(line)));
    }
}

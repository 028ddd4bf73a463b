using System.Collections.Concurrent;
using Portcullis.Processes;
using Spectre.Console;

namespace Portcullis.Up;

/// <summary>The live table of a terminal: components above, every resource below, redrawn in place.</summary>
internal sealed class LiveTable(IAnsiConsole console, TimeProvider time) : IUpDisplay
{
    /// <summary>Of the table, even on a terminal with fewer lines.</summary>
    private const int LeastLines = 5;

    private readonly ConcurrentDictionary<string, ComponentReport> _components = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _said = new();
    private volatile IReadOnlyList<ResourceRow> _rows = [];

    public void Say(string line) => _said.Enqueue(line);

    public void Component(ComponentReport report) => _components[report.Name] = report;

    public void Rows(IReadOnlyList<ResourceRow> rows) => _rows = rows;

    /// <summary>Draws until cancelled, and leaves the last state on the terminal.</summary>
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

    /// <summary>Never more lines than the terminal has: the instructions come first, and resources get the rest.</summary>
    private Rows Picture()
    {
        var (width, height) = (console.Profile.Width, console.Profile.Height);
        var lines = TableView.Components([.. _components.Values.OrderBy(p => p.Name, StringComparer.Ordinal)], width).ToList();
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

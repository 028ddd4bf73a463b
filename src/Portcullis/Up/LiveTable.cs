using System.Collections.Concurrent;
using Portcullis.Processes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Portcullis.Up;

/// <summary>The live table of a terminal: parts above, every resource below, redrawn in place.</summary>
internal sealed class LiveTable(IAnsiConsole console, TimeProvider time) : IUpDisplay
{
    private const int LinesBesideRows = 12;
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

    private Rows Picture()
    {
        var lines = new List<IRenderable> { TableView.Parts(_parts.Values.OrderBy(p => p.Name, StringComparer.Ordinal)) };
        lines.AddRange(_said.Select(line => new Text(line)));
        var rows = _rows;
        if (rows.Count > 0)
        {
            lines.Add(TableView.Resources(rows, time.GetUtcNow(), Math.Max(5, console.Profile.Height - LinesBesideRows)));
        }

        return new Rows(lines);
    }
}

using System.Globalization;
using Portcullis.Processes;

namespace Portcullis.Up;

/// <summary>One line for each change: for pipes, logs and CI.</summary>
internal sealed class PlainDisplay(TextWriter output, TimeProvider time) : IUpDisplay
{
    private readonly Dictionary<string, (ResourceState State, string Message)> _shown = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public void Say(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    public void Component(ComponentReport report) => Line(report.Name, report.State.ToString(), report.Message);

    public void Rows(IReadOnlyList<ResourceRow> rows)
    {
        foreach (var row in rows)
        {
            if (!_shown.TryGetValue(row.Title, out var before) || before != (row.State, row.Message))
            {
                _shown[row.Title] = (row.State, row.Message);
                Line(row.Title, row.State.ToString(), row.Message);
            }
        }

        foreach (var gone in _shown.Keys.Except(rows.Select(r => r.Title), StringComparer.Ordinal).ToList())
        {
            _shown.Remove(gone);
            Line(gone, "Gone", "deleted");
        }
    }

    private void Line(string name, string state, string message) =>
        Say(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss}  {name,-36} {state,-11} {message}"));
}

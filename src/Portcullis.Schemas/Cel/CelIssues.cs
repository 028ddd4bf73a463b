using System.Globalization;
using System.Text;

namespace Portcullis.Schemas.Cel;

/// <summary>Lines and columns of a source, counted in characters, not UTF-16 units, as cel-go counts.</summary>
internal readonly record struct CelPosition(int Line, int Column) : IComparable<CelPosition>
{
    public int CompareTo(CelPosition other) => Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);

    public static bool operator <(CelPosition left, CelPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(CelPosition left, CelPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(CelPosition left, CelPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CelPosition left, CelPosition right) => left.CompareTo(right) >= 0;
}

/// <summary>What is wrong with an expression, shown as cel-go shows it: place, message, the line, and an arrow under the place.</summary>
internal sealed class CelIssues(string source)
{
    private const int MaxShown = 100;
    private readonly List<(CelPosition Position, string Message)> _issues = [];

    public bool Any => _issues.Count > 0;

    public void Add(CelPosition position, string message)
    {
        if (_issues.Count < MaxShown)
        {
            _issues.Add((position, message));
        }
    }

    public override string ToString()
    {
        var lines = source.Split('\n');
        var text = new StringBuilder();
        foreach (var (position, message) in _issues.OrderBy(i => i.Position))
        {
            if (text.Length > 0)
            {
                text.Append('\n');
            }

            text.Append(CultureInfo.InvariantCulture, $"ERROR: <input>:{position.Line}:{position.Column + 1}: {message}");
            var line = lines[Math.Min(position.Line, lines.Length) - 1].Replace('\t', ' ');
            text.Append("\n | ").Append(line).Append("\n | ");
            var runes = line.EnumerateRunes().ToList();
            for (var i = 0; i < position.Column && i < runes.Count; i++)
            {
                text.Append(runes[i].IsAscii ? '.' : '\uff0e');
            }

            text.Append(position.Column < runes.Count && !runes[position.Column].IsAscii ? '\uff3e' : '^');
        }

        return text.ToString();
    }
}

/// <summary>Ends parsing at the first thing that is no expression.</summary>
internal sealed class CelSyntaxException(CelPosition position, string message) : Exception(message)
{
    public CelPosition Position { get; } = position;
}

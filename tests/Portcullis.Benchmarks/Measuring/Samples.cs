using System.Globalization;

namespace Portcullis.Benchmarks.Measuring;

/// <summary>Measurements of one thing over the rounds; the median is what counts, the spread is always shown.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public double Median
    {
        get
        {
            var sorted = _values.Order().ToList();
            return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
        }
    }

    /// <summary>The value that so many of a hundred do not exceed.</summary>
    public double Percentile(int percent) => _values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(_values.Count * percent / 100.0) - 1));

    public void Add(TimeSpan time) => _values.Add(time.TotalMilliseconds);

    public void Add(double value) => _values.Add(value);

    /// <summary><c>412 ms (398–455, 5 rounds)</c>.</summary>
    public string Text(string unit = " ms") => string.Create(
        CultureInfo.InvariantCulture, $"{Median:0.#}{unit} ({_values.Min():0.#}–{_values.Max():0.#}, {_values.Count} rounds)");
}

using System.Globalization;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Commands;

/// <summary>Shows the progress of an import: a line for each tenth of a source.</summary>
internal sealed class ImportLines(TextWriter writer) : IProgress<ImportProgress>
{
    private string? _source;
    private int _tenth;

    public void Report(ImportProgress value)
    {
        var tenth = value.Part is { } part ? (int)(part * 10) : value.Advisories / 10_000;
        if (value.Source == _source && tenth == _tenth)
        {
            return;
        }

        (_source, _tenth) = (value.Source, tenth);
        var share = value.Part is { } known ? string.Create(CultureInfo.InvariantCulture, $" ({known:P0})") : "";
        writer.WriteLine(value.Source.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Writing {value.Advisories:N0} {(value.Advisories == 1 ? "advisory" : "advisories")}")
            : string.Create(CultureInfo.InvariantCulture, $"{value.Source}: {value.Advisories:N0} advisories read{share}"));
    }
}

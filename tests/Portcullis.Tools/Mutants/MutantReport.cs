using System.Globalization;

namespace Portcullis.Tools.Mutants;

/// <summary>What became of all mutants, by file, and whether that is enough.</summary>
internal static class MutantReport
{
    private const double Wanted = 90;

    public static int Print(IReadOnlyDictionary<Mutant, MutantFate> fates, AcceptedSurvivors accepted, IReadOnlyList<string> files, TextWriter output)
    {
        var counted = fates.Where(f => f.Value == MutantFate.Killed || !accepted.Contains(f.Key)).ToDictionary();
        output.WriteLine($"{"killed",7} {"survived",9} {"not covered",12} {"accepted",9}  file");
        foreach (var file in fates.GroupBy(f => f.Key.File).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var ours = file.Where(f => counted.ContainsKey(f.Key)).ToList();
            output.WriteLine($"{Count(ours, MutantFate.Killed),7} {Count(ours, MutantFate.Survived),9} {Count(ours, MutantFate.NotCovered),12} {file.Count() - ours.Count,9}  {file.Key}");
        }

        foreach (var left in counted.Where(f => f.Value != MutantFate.Killed).OrderBy(f => f.Key.File, StringComparer.Ordinal).ThenBy(f => f.Key.Line).ThenBy(f => f.Key.Id))
        {
            output.WriteLine($"{(left.Value == MutantFate.Survived ? "survived" : "not covered")}: {left.Key}");
        }

        var stale = accepted.Stale(fates.Where(f => f.Value != MutantFate.Killed).Select(f => f.Key), f => files.Count == 0 || files.Any(p => f.Contains(p, StringComparison.Ordinal))).ToList();
        stale.ForEach(s => output.WriteLine($"stale in the list of accepted survivors: {s}"));
        var killed = Count(counted, MutantFate.Killed);
        var percent = counted.Count == 0 ? 100 : 100.0 * killed / counted.Count;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{killed} of {counted.Count} mutants killed: {percent:F1} % (at least {Wanted:F0} % wanted); {fates.Count - counted.Count} more are accepted survivors"));
        return percent >= Wanted && stale.Count == 0 ? 0 : 1;
    }

    private static int Count(IEnumerable<KeyValuePair<Mutant, MutantFate>> fates, MutantFate fate) => fates.Count(f => f.Value == fate);
}

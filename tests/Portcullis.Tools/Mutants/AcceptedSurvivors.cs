namespace Portcullis.Tools.Mutants;

/// <summary>
/// The mutants that no test kills, on purpose, each with its reason: <c>file: member: `original` -> `mutated` # reason</c>. A line is matched by
/// everything but the line number. Lines that match no survivor are errors: they would hide the next one.
/// </summary>
internal sealed class AcceptedSurvivors
{
    private const string Separator = " # ";

    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    private AcceptedSurvivors()
    {
    }

    public static AcceptedSurvivors Read(string path)
    {
        var accepted = new AcceptedSurvivors();
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 0 && !l.StartsWith('#')))
        {
            var cut = line.LastIndexOf(Separator, StringComparison.Ordinal);
            if (cut < 0)
            {
                throw new InvalidDataException($"{path}: no reason: {line}");
            }

            if (!accepted._reasons.TryAdd(line[..cut].TrimEnd(), line[(cut + Separator.Length)..]))
            {
                throw new InvalidDataException($"{path}: twice: {line}");
            }
        }

        return accepted;
    }

    public bool Contains(Mutant mutant) => _reasons.ContainsKey(mutant.Identity);

    /// <summary>Lines of these files that no survivor matches.</summary>
    public IEnumerable<string> Stale(IEnumerable<Mutant> survivors, Func<string, bool> isChecked)
    {
        var found = survivors.Select(m => m.Identity).ToHashSet(StringComparer.Ordinal);
        return _reasons.Keys.Where(k => isChecked(k[..k.IndexOf(": ", StringComparison.Ordinal)]) && !found.Contains(k));
    }
}

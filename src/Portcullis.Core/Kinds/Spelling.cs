namespace Portcullis.Core.Kinds;

/// <summary>Which name was most likely meant by one that nobody has: for "did you mean".</summary>
public static class Spelling
{
    /// <summary>Beyond this many names nobody looks for the nearest: whoever may commit may commit many wrong ones.</summary>
    private const int MostNames = 5000;

    /// <summary>The nearest name, by letters put in, left out or replaced, their case aside; null when none is near.</summary>
    public static string? Nearest(string wrong, IReadOnlyCollection<string> names, int mostEdits = 2)
    {
        if (names.Count > MostNames)
        {
            return null;
        }

        var lower = wrong.ToLowerInvariant();
        return names
            .Select(name => (Name: name, Edits: Edits(name.ToLowerInvariant(), lower, mostEdits)))
            .Where(n => n.Edits <= mostEdits && n.Edits * 2 < wrong.Length)
            .OrderBy(n => n.Edits).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => n.Name)
            .FirstOrDefault();
    }

    /// <summary>The Levenshtein distance; more than enough when the lengths alone differ by more.</summary>
    private static int Edits(string left, string right, int most)
    {
        if (Math.Abs(left.Length - right.Length) > most)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (left[i - 1] == right[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}

using System.Globalization;
using Portcullis.Objects.Schemas;

namespace Portcullis.Core.Revisions;

/// <summary>Which field was most likely meant by one that a schema does not know.</summary>
internal static class FieldSpelling
{
    private const int MostEdits = 2;

    /// <summary>The nearest name beside an unknown field; null when none is near.</summary>
    public static string? Near(StructuralSchema schema, string unknownPath)
    {
        var steps = unknownPath.Split('.');
        var at = schema;
        foreach (var step in steps[..^1])
        {
            var name = step.Split('[')[0];
            at = at.Properties.GetValueOrDefault(name) ?? at.AdditionalProperties;
            for (var lists = step.Count(c => c == '['); lists > 0; lists--)
            {
                at = at?.Items;
            }

            if (at is null)
            {
                return null;
            }
        }

        var wrong = steps[^1];
        return at.Properties.Keys
            .Select(name => (Name: name, Edits: Edits(name.ToLower(CultureInfo.InvariantCulture), wrong.ToLower(CultureInfo.InvariantCulture))))
            .Where(n => n.Edits <= MostEdits && n.Edits * 2 < wrong.Length)
            .OrderBy(n => n.Edits).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => n.Name)
            .FirstOrDefault();
    }

    /// <summary>Letters put in, left out or replaced (Levenshtein); more than enough when the lengths alone differ by more.</summary>
    private static int Edits(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > MostEdits)
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

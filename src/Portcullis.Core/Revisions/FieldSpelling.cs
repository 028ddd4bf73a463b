using Portcullis.Core.Kinds;
using Portcullis.Schemas.Structural;

namespace Portcullis.Core.Revisions;

/// <summary>Which field was most likely meant by one that a schema does not know.</summary>
internal static class FieldSpelling
{
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

        return Spelling.Nearest(steps[^1], [.. at.Properties.Keys]);
    }
}

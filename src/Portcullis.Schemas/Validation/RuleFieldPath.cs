using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// The <c>fieldPath</c> of a rule: <c>.foo.bar</c> or <c>.foo['a.b']</c>, no list indices; it must name a field that the schema declares.
/// </summary>
internal static class RuleFieldPath
{
    /// <summary>The path as errors append it (<c>.foo.bar[key]</c>), or null when it leads nowhere.</summary>
    public static string? Resolve(StructuralSchema schema, string fieldPath)
    {
        var at = 0;
        var resolved = "";
        var node = schema;
        while (at < fieldPath.Length)
        {
            string name;
            if (fieldPath[at] == '.')
            {
                var end = fieldPath.AsSpan(at + 1).IndexOfAny('.', '[');
                name = end < 0 ? fieldPath[(at + 1)..] : fieldPath.Substring(at + 1, end);
                at += name.Length + 1;
            }
            else if (fieldPath.AsSpan(at).StartsWith("['") && fieldPath.IndexOf("']", at, StringComparison.Ordinal) is > 0 and var close)
            {
                name = fieldPath[(at + 2)..close];
                at = close + 2;
            }
            else
            {
                return null;
            }

            if (name.Length == 0)
            {
                return null;
            }

            if (node.Properties.TryGetValue(name, out var member))
            {
                resolved += "." + name;
                node = member;
            }
            else if (node.AdditionalProperties is { } additional)
            {
                resolved += $"[{name}]";
                node = additional;
            }
            else
            {
                return null;
            }
        }

        return resolved.Length == 0 ? null : resolved;
    }
}

using System.Text;

namespace Portcullis.Core.Identity;

/// <summary>A text with names of claims in braces: <c>ci:{project_path}</c>.</summary>
public sealed class ClaimTemplate
{
    private readonly List<(string Text, bool IsClaim)> _parts;

    private ClaimTemplate(List<(string Text, bool IsClaim)> parts) => _parts = parts;

    public IReadOnlyList<string> Claims => [.. _parts.Where(p => p.IsClaim).Select(p => p.Text)];

    /// <summary>Null when braces do not pair or hold nothing.</summary>
    public static ClaimTemplate? Parse(string text)
    {
        var parts = new List<(string, bool)>();
        for (var at = 0; at < text.Length;)
        {
            var brace = text.AsSpan(at).IndexOfAny('{', '}') is var found && found < 0 ? text.Length : at + found;
            if (brace > at)
            {
                parts.Add((text[at..brace], false));
            }

            if (brace == text.Length)
            {
                break;
            }

            var end = text.AsSpan(brace + 1).IndexOfAny('{', '}');
            if (text[brace] == '}' || end <= 0 || text[brace + 1 + end] == '{')
            {
                return null;
            }

            parts.Add((text.Substring(brace + 1, end), true));
            at = brace + end + 2;
        }

        return new ClaimTemplate(parts);
    }

    /// <summary>The text for these claims; null when one of them is missing or empty.</summary>
    public string? Render(Func<string, string?> claim)
    {
        var text = new StringBuilder();
        foreach (var (part, isClaim) in _parts)
        {
            var value = isClaim ? claim(part) : part;
            if (string.IsNullOrEmpty(value))
            {
                return null;
            }

            text.Append(value);
        }

        return text.ToString();
    }
}

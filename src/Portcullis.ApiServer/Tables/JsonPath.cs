using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Tables;

/// <summary>
/// The JSONPath of printer columns (client-go's jsonpath, simple form): fields, <c>['name']</c>, indexes, <c>[*]</c> and filters
/// <c>[?(@.a.b=="c")]</c>. What does not parse finds nothing.
/// </summary>
internal sealed class JsonPath
{
    private readonly List<Func<JsonNode, IEnumerable<JsonNode>>> _steps = [];

    public static JsonPath Parse(string text)
    {
        var path = new JsonPath();
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == '.')
            {
                at++;
                var end = at;
                while (end < text.Length && text[end] is not ('.' or '['))
                {
                    end += text[end] == '\\' && end + 1 < text.Length ? 2 : 1;
                }

                path.AddField(text[at..end].Replace("\\", "", StringComparison.Ordinal));
                at = end;
            }
            else if (text[at] == '[' && ClosingBracket(text, at) is > 0 and var close)
            {
                path.AddBracket(text[(at + 1)..close].Trim());
                at = close + 1;
            }
            else
            {
                path._steps.Add(_ => []);
                break;
            }
        }

        return path;
    }

    public IReadOnlyList<JsonNode> Find(JsonNode root)
    {
        IEnumerable<JsonNode> found = [root];
        foreach (var step in _steps)
        {
            found = found.SelectMany(step);
        }

        return found.ToList();
    }

    private static int ClosingBracket(string text, int open)
    {
        var quote = '\0';
        for (var i = open + 1; i < text.Length; i++)
        {
            if (quote != '\0')
            {
                quote = text[i] == quote ? '\0' : quote;
            }
            else if (text[i] is '"' or '\'')
            {
                quote = text[i];
            }
            else if (text[i] == ']')
            {
                return i;
            }
        }

        return -1;
    }

    private static IEnumerable<JsonNode> Children(JsonNode node) => node switch
    {
        JsonArray list => list.OfType<JsonNode>(),
        JsonObject o => o.Select(m => m.Value).OfType<JsonNode>(),
        _ => [],
    };

    private static IEnumerable<JsonNode> At(JsonNode node, int index)
    {
        if (node is not JsonArray list)
        {
            return [];
        }

        index = index < 0 ? list.Count + index : index;
        return index >= 0 && index < list.Count && list[index] is { } item ? [item] : [];
    }

    private void AddField(string name)
    {
        if (name == "*")
        {
            AddBracket("*");
        }
        else if (name.Length > 0)
        {
            _steps.Add(node => node is JsonObject o && o[name] is { } member ? [member] : []);
        }
    }

    private void AddBracket(string inside)
    {
        if (inside == "*")
        {
            _steps.Add(Children);
        }
        else if (inside.StartsWith("?(", StringComparison.Ordinal) && inside.EndsWith(')'))
        {
            AddFilter(inside[2..^1]);
        }
        else if (inside.Length > 1 && inside[0] is '\'' or '"')
        {
            AddField(inside[1..^1]);
        }
        else if (int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            _steps.Add(node => At(node, index));
        }
        else
        {
            _steps.Add(_ => []);
        }
    }

    private void AddFilter(string condition)
    {
        foreach (var (op, equal) in new[] { ("==", true), ("!=", false) })
        {
            var cut = condition.IndexOf(op, StringComparison.Ordinal);
            if (cut > 0)
            {
                var left = Parse(condition[..cut].Trim().TrimStart('@'));
                var right = condition[(cut + 2)..].Trim().Trim('"', '\'');
                _steps.Add(node => Children(node).Where(c => left.Find(c).Any(v => v.ToString() == right) == equal));
                return;
            }
        }

        var present = Parse(condition.Trim().TrimStart('@'));
        _steps.Add(node => Children(node).Where(c => present.Find(c).Count > 0));
    }
}

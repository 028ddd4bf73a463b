using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Objects.Yaml;

/// <summary>
/// Anchors of one document and the copies that aliases make of them. Copies are paid from a budget, so that nested aliases
/// (a "billion laughs") end in an error after a bounded amount of work.
/// </summary>
internal sealed class AliasExpansion(YamlLimits limits, ValueBudget budget)
{
    private readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);
    private int _left = limits.MaxAliasedValues;

    private readonly record struct Anchored(JsonNode? Value, bool Complete);

    /// <summary>Marks the value as being read, so that an alias inside it is seen as a cycle.</summary>
    public void Open(string anchor) => _anchors[anchor] = new Anchored(null, Complete: false);

    public void Close(string anchor, JsonNode? value) => _anchors[anchor] = new Anchored(value, Complete: true);

    /// <summary>A copy of the anchored value for use at <paramref name="depth"/>.</summary>
    public JsonNode? Copy(string anchor, YamlPosition position, int depth)
    {
        if (!_anchors.TryGetValue(anchor, out var anchored))
        {
            throw new YamlFault(position, $"unknown anchor '{anchor}' referenced");
        }

        return anchored.Complete
            ? Copy(anchored.Value, position, depth)
            : throw new YamlFault(position, $"anchor '{anchor}' value contains itself");
    }

    public JsonNode? Copy(JsonNode? node, YamlPosition position, int depth)
    {
        budget.Spend(position);
        _left -= 1;
        if (_left < 0)
        {
            throw new YamlFault(position, "document contains excessive aliasing");
        }

        if (depth > limits.MaxDepth)
        {
            throw new YamlFault(position, $"nested deeper than {limits.MaxDepth} levels");
        }

        switch (node)
        {
            case JsonObject o:
                var members = new JsonObject();
                foreach (var (key, value) in o)
                {
                    members.Add(key, Copy(value, position, depth + 1));
                }

                return members;
            case JsonArray a:
                var items = new JsonArray();
                foreach (var item in a)
                {
                    items.Add(Copy(item, position, depth + 1));
                }

                return items;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                // A long text repeated often is as much of a bomb as many small values.
                _left -= value.GetValue<string>().Length / 64;
                return value.DeepClone();
            default:
                return node?.DeepClone();
        }
    }
}

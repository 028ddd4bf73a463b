using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Patches;

/// <summary>A copy of a list whose items are found by the value of their merge key; of two with the same key the first.</summary>
internal sealed class KeyedItems
{
    private readonly List<JsonNode?> _items;
    private readonly HashSet<int> _removed = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public KeyedItems(JsonArray list, string key)
    {
        _items = [.. list.Select(item => item?.DeepClone())];
        for (var i = 0; i < _items.Count; i++)
        {
            if ((_items[i] as JsonObject)?[key] is { } id)
            {
                _places.TryAdd(CanonicalJson.ToText(id), i);
            }
        }
    }

    public JsonObject? Find(JsonNode id) => _places.TryGetValue(CanonicalJson.ToText(id), out var place) ? (JsonObject)_items[place]! : null;

    /// <summary>Puts an item at its place, or at the end; null removes it.</summary>
    public void Place(JsonNode id, JsonObject? item)
    {
        var text = CanonicalJson.ToText(id);
        var isThere = _places.TryGetValue(text, out var place);
        if (item is null)
        {
            _places.Remove(text);
            _ = isThere && _removed.Add(place);
        }
        else if (isThere)
        {
            _items[place] = item;
        }
        else
        {
            _places[text] = _items.Count;
            _items.Add(item);
        }
    }

    public JsonArray ToArray() => [.. _items.Where((_, i) => !_removed.Contains(i))];
}

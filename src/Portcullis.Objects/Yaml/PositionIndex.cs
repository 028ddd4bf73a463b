using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Portcullis.Objects.Yaml;

/// <summary>
/// Where each value of a document stands. A flat list of (parent, key) filled while reading; field paths are made only when an error
/// needs one, since a revision of 5,000 good manifests needs none. A key with dots or slashes is found both as
/// <c>labels[app.kubernetes.io/name]</c> (field.Path.Key) and as <c>labels.app.kubernetes.io/name</c> (how schema validation names it).
/// </summary>
internal sealed class PositionIndex : IReadOnlyDictionary<string, YamlPosition>
{
    private const int Root = -1;
    private readonly List<Entry> _entries = [];
    private readonly Lazy<ILookup<int, int>> _children;

    public PositionIndex() => _children = new(() => Enumerable.Range(0, _entries.Count).ToLookup(i => _entries[i].Parent));

    private readonly record struct Entry(int Parent, string? Key, int Index, YamlPosition Position);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => Enumerable.Range(0, _entries.Count).Select(PathOf);

    public IEnumerable<YamlPosition> Values => _entries.Select(e => e.Position);

    public YamlPosition this[string key] => TryGetValue(key, out var position) ? position : throw new KeyNotFoundException(key);

    public int AddMember(int parent, string key, YamlPosition position)
    {
        _entries.Add(new Entry(parent, key, 0, position));
        return _entries.Count - 1;
    }

    public int AddItem(int parent, int index, YamlPosition position)
    {
        _entries.Add(new Entry(parent, null, index, position));
        return _entries.Count - 1;
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out YamlPosition value)
    {
        var found = Find(Root, key);
        value = found < 0 ? default : _entries[found].Position;
        return found >= 0;
    }

    public IEnumerator<KeyValuePair<string, YamlPosition>> GetEnumerator()
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            yield return new KeyValuePair<string, YamlPosition>(PathOf(i), _entries[i].Position);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Find(int parent, ReadOnlySpan<char> path)
    {
        var children = _children.Value[parent];
        if (ItemAt(path) is { } item && children.ElementAtOrDefault(item) is var nth && nth < _entries.Count && _entries[nth] is { Key: null } one
            && one.Parent == parent && one.Index == item)
        {
            children = [nth]; // a list is long, and its items stand in order
        }

        foreach (var i in children)
        {
            var entry = _entries[i];
            var length = MatchLength(entry, path, parent == Root);
            if (length == path.Length && length > 0)
            {
                return i;
            }

            // A key may itself hold dots, so a match that leads nowhere is not the last word.
            if (length > 0 && path[length] is '.' or '[' && Find(i, path[length..]) is >= 0 and var found)
            {
                return found;
            }
        }

        return -1;
    }

    /// <summary>The number in <c>[3]</c> at the beginning of a path.</summary>
    private static int? ItemAt(ReadOnlySpan<char> path) =>
        path.StartsWith('[') && path.IndexOf(']') is > 1 and var end && int.TryParse(path[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var item) ? item : null;

    /// <summary>How much of <paramref name="path"/> names this entry; 0 when it names another.</summary>
    private static int MatchLength(Entry entry, ReadOnlySpan<char> path, bool atRoot)
    {
        var bare = atRoot ? path : path.StartsWith('.') ? path[1..] : default;
        if (entry.Key is { } key)
        {
            if (bare.StartsWith(key) && (bare.Length == key.Length || bare[key.Length] is '.' or '['))
            {
                return key.Length + (path.Length - bare.Length);
            }

            return path.StartsWith('[') && path[1..].StartsWith(key) && path.Length > key.Length + 1 && path[key.Length + 1] == ']' ? key.Length + 2 : 0;
        }

        var index = entry.Index.ToString(CultureInfo.InvariantCulture);
        return path.StartsWith('[') && path[1..].StartsWith(index) && path.Length > index.Length + 1 && path[index.Length + 1] == ']' ? index.Length + 2 : 0;
    }

    private string PathOf(int entry)
    {
        var chain = new Stack<int>();
        for (var at = entry; at != Root; at = _entries[at].Parent)
        {
            chain.Push(at);
        }

        var path = new StringBuilder();
        foreach (var at in chain)
        {
            var (_, key, index, _) = _entries[at];
            _ = key is null ? path.Append('[').Append(index).Append(']')
                : key.AsSpan().ContainsAny(".[]/") || key.Length == 0 ? path.Append('[').Append(key).Append(']')
                : path.Length == 0 ? path.Append(key) : path.Append('.').Append(key);
        }

        return path.ToString();
    }
}

using System.Text.Json.Nodes;

namespace Portcullis.Objects.Yaml;

/// <summary>A place in a text; both count from 1.</summary>
public readonly record struct YamlPosition(int Line, int Column);

/// <summary>Something in a file that is not the YAML that Kubernetes reads.</summary>
public sealed record YamlError(YamlPosition Position, string Message);

/// <summary>One document of a YAML stream as the JSON that Kubernetes would see, with the place of every value.</summary>
public sealed record YamlDocument(JsonNode Root, YamlPlaces Places)
{
    public YamlPosition Start => Places.Start;

    /// <inheritdoc cref="YamlPlaces.Of"/>
    public YamlPosition PositionOf(string fieldPath) => Places.Of(fieldPath);
}

/// <summary>Where the values of one document stand: all that is kept of a file once its problems are reported.</summary>
public sealed record YamlPlaces(YamlPosition Start, IReadOnlyDictionary<string, YamlPosition> Positions)
{
    /// <summary>
    /// Where the value at a field path (<c>spec.rules[0].name</c>; empty for the root) stands; the nearest known parent's place
    /// when the value itself is not in the text (a missing required field, a default).
    /// </summary>
    public YamlPosition Of(string fieldPath)
    {
        for (var path = fieldPath; path.Length > 0; path = Parent(path))
        {
            if (Positions.TryGetValue(path, out var position))
            {
                return position;
            }
        }

        return Start;
    }

    /// <summary>Keys that are booleans, as the text writes them, by their places: <c>n</c> is read as <c>false</c>.</summary>
    internal IReadOnlyDictionary<YamlPosition, string> WrittenKeys { get; init; } = new Dictionary<YamlPosition, string>();

    /// <summary>A field path with its keys as the text writes them.</summary>
    public string AsWritten(string fieldPath)
    {
        if (WrittenKeys.Count == 0 || fieldPath.Length == 0)
        {
            return fieldPath;
        }

        var parent = Parent(fieldPath);
        var last = fieldPath[parent.Length..];
        if (Positions.TryGetValue(fieldPath, out var position) && WrittenKeys.TryGetValue(position, out var written))
        {
            last = last[0] switch { '[' => $"[{written}]", '.' => $".{written}", _ => written };
        }

        return AsWritten(parent) + last;
    }

    private static string Parent(string path)
    {
        var cut = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
        return cut <= 0 ? "" : path[..cut];
    }
}

/// <summary>All documents of a stream that could be read, and every error.</summary>
public sealed record YamlStream(IReadOnlyList<YamlDocument> Documents, IReadOnlyList<YamlError> Errors);

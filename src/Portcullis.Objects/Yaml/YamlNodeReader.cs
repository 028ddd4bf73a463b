using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portcullis.Objects.Yaml;

/// <summary>Reads one chunk's YAML events into JSON. The recursion is as deep as the values nest, which the limits bound.</summary>
internal sealed class YamlNodeReader
{
    private readonly string _text;
    private readonly Parser _parser;
    private readonly int _lineOffset;
    private readonly YamlLimits _limits;
    private readonly ValueBudget _budget;
    private readonly List<YamlError> _documentErrors = [];
    private PositionIndex _positions = new();
    private Dictionary<YamlPosition, string> _writtenKeys = [];
    private AliasExpansion _aliases;

    public YamlNodeReader(ReadOnlySpan<byte> utf8, int firstLine, YamlLimits limits, ValueBudget budget)
    {
        _text = Encoding.UTF8.GetString(utf8);
        _parser = new Parser(new Scanner(new StringReader(_text), skipComments: true));
        _lineOffset = firstLine - 1;
        _limits = limits;
        _budget = budget;
        _aliases = new AliasExpansion(limits, budget);
    }

    private ParsingEvent Current => _parser.Current!;

    /// <summary>Adds every document that could be read, and every error; a fault ends this chunk.</summary>
    public void ReadAll(List<YamlDocument> documents, List<YamlError> errors)
    {
        try
        {
            while (Step())
            {
                if (_parser.Current is DocumentStart)
                {
                    ReadDocument(documents, errors);
                }
            }
        }
        catch (YamlFault fault)
        {
            errors.AddRange(_documentErrors);
            errors.Add(new YamlError(fault.Position, fault.Message));
        }
        catch (YamlException e)
        {
            errors.AddRange(_documentErrors);
            errors.Add(new YamlError(FaultPosition(e), Sentence(e.Message)));
        }
    }

    private void ReadDocument(List<YamlDocument> documents, List<YamlError> errors)
    {
        _documentErrors.Clear();
        _positions = new PositionIndex();
        _writtenKeys = [];
        _aliases = new AliasExpansion(_limits, _budget);
        Advance();
        var start = Position(Current.Start);
        var root = ReadValue(-1, 1);
        errors.AddRange(_documentErrors);
        if (root is not null && _documentErrors.Count == 0)
        {
            documents.Add(new YamlDocument(root, new YamlPlaces(start, _positions) { WrittenKeys = _writtenKeys }));
        }

        _documentErrors.Clear();
    }

    /// <summary>The value whose first event is current; afterwards the event behind it is current.</summary>
    private JsonNode? ReadValue(int place, int depth)
    {
        var position = Position(Current.Start);
        if (depth > _limits.MaxDepth)
        {
            throw new YamlFault(position, $"nested deeper than {_limits.MaxDepth} levels");
        }

        _budget.Spend(position);
        if (Current is AnchorAlias alias)
        {
            var copy = _aliases.Copy(alias.Value.Value, position, depth);
            Advance();
            return copy;
        }

        var anchor = Current is NodeEvent { Anchor: { IsEmpty: false } name } ? name.Value : null;
        if (anchor is not null)
        {
            _aliases.Open(anchor);
        }

        var value = Current switch
        {
            MappingStart => ReadMapping(place, depth),
            SequenceStart => ReadSequence(place, depth),
            Scalar scalar => ReadScalar(scalar, position),
            _ => throw new YamlFault(position, "a value is missing here"),
        };
        if (anchor is not null)
        {
            _aliases.Close(anchor, value);
        }

        return value;
    }

    private JsonArray ReadSequence(int place, int depth)
    {
        Advance();
        var items = new JsonArray();
        while (Current is not SequenceEnd)
        {
            var item = _positions.AddItem(place, items.Count, Position(Current.Start));
            items.Add(ReadValue(item, depth + 1));
        }

        Advance();
        return items;
    }

    private JsonObject ReadMapping(int place, int depth)
    {
        Advance();
        var members = new JsonObject();
        MergedKeys? merged = null;
        while (Current is not MappingEnd)
        {
            var position = Position(Current.Start);
            if (Current is Scalar { IsKey: true, Value: "<<", Style: ScalarStyle.Plain, Tag.IsEmpty: true } or Scalar { Value: "<<", Style: ScalarStyle.Plain, Tag.IsEmpty: true })
            {
                Advance();
                merged = Merge(members, merged, position, depth);
                continue;
            }

            var key = ReadKey(position);
            var value = ReadValue(_positions.AddMember(place, key, position), depth + 1);
            if (members.TryAdd(key, value))
            {
                continue;
            }

            if (merged?.Keys.Remove(key) == true)
            {
                members[key] = value;
            }
            else
            {
                _documentErrors.Add(new YamlError(position, $"key \"{key}\" already set in map"));
            }
        }

        Advance();
        return members;
    }

    /// <summary>Keys that came by <c>&lt;&lt;</c> and may still be set explicitly.</summary>
    private sealed record MergedKeys(HashSet<string> Keys);

    private MergedKeys Merge(JsonObject members, MergedKeys? before, YamlPosition position, int depth)
    {
        if (before is not null)
        {
            _documentErrors.Add(new YamlError(position, "key \"<<\" already set in map"));
        }

        var merged = before ?? new MergedKeys(new HashSet<string>(StringComparer.Ordinal));
        var value = ReadValue(-2, depth + 1);
        foreach (var source in value is JsonArray list ? [.. list] : new[] { value })
        {
            if (source is not JsonObject o)
            {
                throw new YamlFault(position, "map merge requires map or sequence of maps as the value");
            }

            foreach (var (key, item) in o)
            {
                if (!members.ContainsKey(key))
                {
                    members.Add(key, _aliases.Copy(item, position, depth + 1));
                    merged.Keys.Add(key);
                }
                else if (!merged.Keys.Contains(key) && !JsonNode.DeepEquals(members[key], item))
                {
                    // go-yaml lets the order decide, the specification does not: refused rather than guessed.
                    _documentErrors.Add(new YamlError(position, $"<< would change key \"{key}\" that is set above it; put << first"));
                }
            }
        }

        return merged;
    }

    /// <summary>sigs.k8s.io/yaml: keys that are numbers or booleans become their text; null and compound keys are refused.</summary>
    private string ReadKey(YamlPosition position)
    {
        if (Current is AnchorAlias alias)
        {
            var copy = _aliases.Copy(alias.Value.Value, position, 1);
            Advance();
            return copy is JsonValue text && text.GetValueKind() == JsonValueKind.String
                ? text.GetValue<string>()
                : throw new YamlFault(position, "an alias used as a key must stand for a text");
        }

        if (Current is not Scalar scalar)
        {
            throw new YamlFault(position, "a key must be a text, not a list or a map");
        }

        if (!scalar.Anchor.IsEmpty)
        {
            _aliases.Close(scalar.Anchor.Value, JsonValue.Create(scalar.Value));
        }

        var resolved = Resolve(scalar);
        var key = KeyOf(resolved, position);
        Advance();
        if (resolved.Kind == ScalarKind.Boolean && key != scalar.Value)
        {
            _writtenKeys[position] = scalar.Value;
        }

        return key;
    }

    private static string KeyOf(ScalarResolver.Resolved resolved, YamlPosition position) => resolved.Kind switch
    {
        _ when resolved.Error is { } error => throw new YamlFault(position, error),
        ScalarKind.Text => resolved.Value!.GetValue<string>(),
        ScalarKind.Null => throw new YamlFault(position, "a key must not be null; quote it if a text is meant"),
        ScalarKind.Boolean => resolved.Value!.GetValue<bool>() ? "true" : "false",
        ScalarKind.Float => FloatKey(resolved.Value!.GetValue<double>(), position),
        _ => resolved.Value!.ToJsonString(),
    };

    private static string FloatKey(double number, YamlPosition position) =>
        number == 0 || Math.Abs(number) is >= 1e-4 and < 1e6
            ? ((float)number).ToString("R", CultureInfo.InvariantCulture)
            : throw new YamlFault(position, "a key that is a number this large or small must be quoted");

    private JsonNode? ReadScalar(Scalar scalar, YamlPosition position)
    {
        var resolved = Resolve(scalar);
        if (resolved.Error is { } error)
        {
            _documentErrors.Add(new YamlError(position, error));
        }

        Advance();
        return resolved.Value;
    }

    private static ScalarResolver.Resolved Resolve(Scalar scalar)
    {
        if (scalar.Tag.IsEmpty)
        {
            return scalar.Style == ScalarStyle.Plain
                ? ScalarResolver.Plain(scalar.Value)
                : new ScalarResolver.Resolved(ScalarKind.Text, JsonValue.Create(scalar.Value));
        }

        return scalar.Tag.IsNonSpecific
            ? new ScalarResolver.Resolved(ScalarKind.Text, JsonValue.Create(scalar.Value))
            : ScalarResolver.Tagged(scalar.Tag.Value, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private void Advance()
    {
        if (!Step())
        {
            throw new YamlFault(new YamlPosition(_lineOffset + 1, 1), "the text ends in the middle of a value");
        }
    }

    /// <summary>The scanner's own state checks fail on some broken texts; that is a fault of the text, near the last thing it understood.</summary>
    private bool Step()
    {
        var before = _parser.Current?.End;
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException or FormatException or OverflowException)
        {
            throw new YamlFault(before is { } mark ? Position(mark) : new YamlPosition(_lineOffset + 1, 1), "the text is not YAML near here");
        }
    }

    private YamlPosition Position(Mark mark) => new((int)mark.Line + _lineOffset, Math.Max(1, (int)mark.Column));

    /// <summary>The scanner blames a tab on the line before it; the reader of the message looks for the tab.</summary>
    private YamlPosition FaultPosition(YamlException e)
    {
        if (!e.Message.Contains("tab", StringComparison.Ordinal))
        {
            return Position(e.Start);
        }

        var line = 0;
        foreach (var text in _text.AsSpan().EnumerateLines())
        {
            line++;
            var indent = text[..^text.TrimStart(" \t").Length];
            if (line >= e.Start.Line && indent.Contains('\t'))
            {
                return new YamlPosition(line + _lineOffset, indent.IndexOf('\t') + 1);
            }
        }

        return Position(e.Start);
    }

    private static string Sentence(string message) => message.Length == 0 ? "not YAML" : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');
}

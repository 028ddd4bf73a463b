using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Objects.Yaml;

/// <summary>
/// Reads a chunk that begins with <c>{</c> as JSON (one value or several in a row), with the same positions as YAML.
/// What is not JSON is left to the YAML reader, as kubectl does: <c>{a: b}</c> is YAML.
/// </summary>
internal ref struct JsonDocumentReader
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly List<YamlError> _errors;
    private readonly ValueBudget _budget;
    private Utf8JsonReader _reader;
    private PositionIndex _positions;
    private int _line;
    private int _lineStart;
    private int _counted;

    private JsonDocumentReader(ReadOnlySpan<byte> text, int firstLine, YamlLimits limits, ValueBudget budget, List<YamlError> errors)
    {
        _text = text;
        _line = firstLine;
        _errors = errors;
        _budget = budget;
        _positions = new PositionIndex();
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = limits.MaxDepth });
    }

    public static bool TryRead(ReadOnlySpan<byte> chunk, int firstLine, YamlLimits limits, ValueBudget budget, List<YamlDocument> documents, List<YamlError> errors)
    {
        if (!chunk.TrimStart(" \t\r\n"u8).StartsWith((byte)'{'))
        {
            return false;
        }

        var faults = new List<YamlError>();
        var read = new List<YamlDocument>();
        var left = budget.Left;
        try
        {
            new JsonDocumentReader(chunk, firstLine, limits, budget, faults).ReadAll(read);
        }
        catch (YamlFault fault)
        {
            faults.Add(new YamlError(fault.Position, fault.Message));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped half of a surrogate pair. The YAML reader finds the position.
            budget.Return(left);
            return false;
        }

        documents.AddRange(read);
        errors.AddRange(faults);
        return true;
    }

    private void ReadAll(List<YamlDocument> documents)
    {
        while (_reader.Read())
        {
            _positions = new PositionIndex();
            var start = Position();
            var faults = _errors.Count;
            var root = ReadValue(-1);
            if (root is not null && _errors.Count == faults)
            {
                documents.Add(new YamlDocument(root, new YamlPlaces(start, _positions)));
            }
        }
    }

    private JsonNode? ReadValue(int place)
    {
        _budget.Spend(Position());
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(place);
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(_positions.AddItem(place, items.Count, Position())));
                }

                return items;
            case JsonTokenType.String:
                return JsonValue.Create(_reader.GetString());
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(_reader.TokenType == JsonTokenType.True);
            case JsonTokenType.Number:
                return ReadNumber();
            default:
                return null;
        }
    }

    private JsonObject ReadObject(int place)
    {
        var members = new JsonObject();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var position = Position();
            var key = _reader.GetString()!;
            _reader.Read();
            if (!members.TryAdd(key, ReadValue(_positions.AddMember(place, key, position))))
            {
                _errors.Add(new YamlError(position, $"key \"{key}\" already set in map"));
            }
        }

        return members;
    }

    private JsonValue? ReadNumber()
    {
        var number = _reader.TryGetInt64(out var whole) ? JsonNumber.Create(whole) : JsonNumber.Create(_reader.GetDouble());
        if (number is null)
        {
            _errors.Add(new YamlError(Position(), "the number is too large"));
        }

        return number;
    }

    private YamlPosition Position()
    {
        var at = (int)_reader.TokenStartIndex;
        var passed = _text[_counted..at];
        if (passed.LastIndexOf((byte)'\n') is >= 0 and var last)
        {
            _line += passed.Count((byte)'\n');
            _lineStart = _counted + last + 1;
        }

        _counted = at;
        return new YamlPosition(_line, at - _lineStart + 1);
    }
}

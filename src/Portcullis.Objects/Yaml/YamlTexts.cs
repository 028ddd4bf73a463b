using System.Buffers;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portcullis.Objects.Yaml;

/// <summary>
/// Reads a YAML document all of whose scalars are meant as texts, as those of advisories are: a version written as <c>1.10</c> stays so. It has no aliases,
/// so what it costs is in proportion to its length.
/// </summary>
public static class YamlTexts
{
    private const int MaxDepth = 32;

    /// <summary>The first document as JSON in UTF-8, its scalars strings and an empty plain one null; null, and why, when it is no such document.</summary>
    public static byte[]? ToJson(ReadOnlySpan<byte> utf8, out YamlError? error)
    {
        error = null;
        if (TextCheck.FirstFault(utf8) is { } fault)
        {
            error = new YamlError(fault.Position, fault.Message);
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(utf8.Length + 256);
        var parser = new Parser(new Scanner(new StringReader(Encoding.UTF8.GetString(utf8)), skipComments: true));
        try
        {
            using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
            WriteDocument(parser, writer);
        }
        catch (YamlFault e)
        {
            error = new YamlError(e.Position, e.Message);
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException or FormatException or OverflowException)
        {
            // The parser's own state checks fail on some broken texts.
            error = new YamlError(parser.Current is { } last ? At(last.End) : new YamlPosition(1, 1), "the text is not YAML near here");
        }

        return error is null ? buffer.WrittenSpan.ToArray() : null;
    }

    private static void WriteDocument(Parser parser, Utf8JsonWriter writer)
    {
        while (parser.MoveNext() && parser.Current is not DocumentStart)
        {
        }

        Next(parser);
        WriteValue(parser, writer, 1);
    }

    /// <summary>Writes the value whose first event is current; afterwards its last one is.</summary>
    private static void WriteValue(Parser parser, Utf8JsonWriter writer, int depth)
    {
        var first = parser.Current!;
        if (depth > MaxDepth)
        {
            throw new YamlFault(At(first.Start), $"nested deeper than {MaxDepth} levels");
        }

        switch (first)
        {
            case MappingStart:
                WriteMapping(parser, writer, depth);
                break;
            case SequenceStart:
                writer.WriteStartArray();
                while (Next(parser) is not SequenceEnd)
                {
                    WriteValue(parser, writer, depth + 1);
                }

                writer.WriteEndArray();
                break;
            case Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" }:
                writer.WriteNullValue();
                break;
            case Scalar scalar:
                writer.WriteStringValue(scalar.Value);
                break;
            default:
                throw new YamlFault(At(first.Start), first is AnchorAlias ? "aliases are not read here" : "a value is missing here");
        }
    }

    private static void WriteMapping(Parser parser, Utf8JsonWriter writer, int depth)
    {
        writer.WriteStartObject();
        while (Next(parser) is not MappingEnd)
        {
            writer.WritePropertyName(parser.Current is Scalar key ? key.Value : throw new YamlFault(At(parser.Current!.Start), "a key must be a text"));
            Next(parser);
            WriteValue(parser, writer, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static ParsingEvent Next(Parser parser) =>
        parser.MoveNext() ? parser.Current! : throw new YamlFault(new YamlPosition(1, 1), "the text ends in the middle of a value");

    private static YamlPosition At(Mark mark) => new((int)mark.Line, Math.Max(1, (int)mark.Column));
}

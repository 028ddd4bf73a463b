using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// Canonical JSON as Notary signs it (github.com/docker/go/canonical/json): members sorted by the bytes of their names, no white space, only <c>"</c> and
/// <c>\</c> escaped. What two readers could read in two ways is refused: a member twice, numbers with a fraction or an exponent or beyond 2^53, halves of surrogate pairs.
/// </summary>
internal sealed class CanonicalWriter
{
    private const long LargestNumber = 1L << 53;

    private readonly byte[] _output;
    private readonly List<Member> _members = [];
    private int _length;

    private CanonicalWriter(int length) => _output = new byte[length];

    /// <summary>Where a member was written: from its name to its end.</summary>
    private readonly record struct Member(int Start, int NameLength, int End);

    /// <exception cref="MalformedMetadataException">It has no canonical form.</exception>
    /// <exception cref="JsonException">It is no JSON, or nested more than 64 deep.</exception>
    public static byte[] Write(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var written = Write(ref reader, json.Length);
        while (reader.Read())
        {
            // Only white space may follow; the reader throws at anything else.
        }

        return written;
    }

    /// <summary>The value at which a reader stands; it stands at the value's end afterwards.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="length">How many bytes the value has at most. Canonical JSON is never longer than any other way of writing the same.</param>
    public static byte[] Write(ref Utf8JsonReader reader, int length)
    {
        var writer = new CanonicalWriter(length);
        writer.WriteValue(ref reader);
        return writer._output.AsSpan(0, writer._length).ToArray();
    }

    private void WriteValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader);
                break;
            case JsonTokenType.String:
                WriteString(ref reader);
                break;
            case JsonTokenType.Number:
                WriteNumber(reader.ValueSpan);
                break;
            default:
                Append(reader.ValueSpan);
                break;
        }
    }

    private void WriteObject(ref Utf8JsonReader reader)
    {
        Append((byte)'{');
        var (start, first) = (_length, _members.Count);
        var isSorted = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (_members.Count > first)
            {
                Append((byte)',');
            }

            var begin = _length;
            WriteString(ref reader);
            var nameLength = _length - begin;
            Append((byte)':');
            reader.Read();
            WriteValue(ref reader);
            var member = new Member(begin, nameLength, _length);
            isSorted = isSorted && (_members.Count == first || Compare(_members[^1], member) < 0);
            _members.Add(member);
        }

        if (!isSorted)
        {
            Sort(start, first);
        }

        _members.RemoveRange(first, _members.Count - first);
        Append((byte)'}');
    }

    private void Sort(int start, int first)
    {
        var sorted = _members[first..];
        sorted.Sort(Compare);
        for (var i = 1; i < sorted.Count; i++)
        {
            if (Compare(sorted[i - 1], sorted[i]) == 0)
            {
                throw new MalformedMetadataException("a member is there twice");
            }
        }

        var copy = _output.AsSpan(start, _length - start).ToArray();
        var at = start;
        foreach (var member in sorted)
        {
            if (at > start)
            {
                _output[at++] = (byte)',';
            }

            copy.AsSpan(member.Start - start, member.End - member.Start).CopyTo(_output.AsSpan(at));
            at += member.End - member.Start;
        }
    }

    /// <summary>By the bytes of the names themselves: where one is escaped, its backslash does not count.</summary>
    private int Compare(Member one, Member other)
    {
        var a = _output.AsSpan(one.Start + 1, one.NameLength - 2);
        var b = _output.AsSpan(other.Start + 1, other.NameLength - 2);
        return a.Contains((byte)'\\') || b.Contains((byte)'\\') ? Plain(a).SequenceCompareTo(Plain(b)) : a.SequenceCompareTo(b);
    }

    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> escaped)
    {
        var plain = new byte[escaped.Length];
        var length = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            i += escaped[i] == '\\' ? 1 : 0;
            plain[length++] = escaped[i];
        }

        return plain.AsSpan(0, length);
    }

    private void WriteArray(ref Utf8JsonReader reader)
    {
        Append((byte)'[');
        for (var isFirst = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; isFirst = false)
        {
            if (!isFirst)
            {
                Append((byte)',');
            }

            WriteValue(ref reader);
        }

        Append((byte)']');
    }

    private void WriteString(ref Utf8JsonReader reader)
    {
        Append((byte)'"');
        if (!reader.ValueIsEscaped)
        {
            Append(reader.ValueSpan);
        }
        else
        {
            foreach (var b in MetadataJson.Unescaped(ref reader))
            {
                if (b is (byte)'"' or (byte)'\\')
                {
                    Append((byte)'\\');
                }

                Append(b);
            }
        }

        Append((byte)'"');
    }

    private void WriteNumber(ReadOnlySpan<byte> digits)
    {
        if (!System.Buffers.Text.Utf8Parser.TryParse(digits, out long number, out var read) || read != digits.Length || number is > LargestNumber or < -LargestNumber || digits.SequenceEqual("-0"u8))
        {
            throw new MalformedMetadataException("a number is not whole, or too large");
        }

        Append(digits);
    }

    private void Append(byte value) => _output[_length++] = value;

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output.AsSpan(_length));
        _length += bytes.Length;
    }
}

using System.Buffers.Binary;
using System.Text;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>A package's header as an RPM database keeps it ("RPM package format", Header structure, without its magic): an index of tags over one store of data.</summary>
internal sealed class RpmHeader
{
    private const int EntryLength = 16;
    private const int Int32Type = 4;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly Dictionary<int, (int Type, int Offset, int Count)> _tags = [];

    /// <exception cref="UnreadableFileException">It is no header.</exception>
    public RpmHeader(ReadOnlyMemory<byte> blob)
    {
        var bytes = blob.Span;
        if (bytes.Length < 8)
        {
            throw Damaged();
        }

        long entries = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        long length = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (8 + (entries * EntryLength) + length > bytes.Length)
        {
            throw Damaged();
        }

        _data = blob.Slice((int)(8 + (entries * EntryLength)), (int)length);
        for (var i = 0; i < entries; i++)
        {
            var entry = bytes.Slice(8 + (i * EntryLength), EntryLength);
            _tags[Number(entry)] = (Number(entry[4..]), Number(entry[8..]), Number(entry[12..]));
        }
    }

    /// <summary>The text of a tag, the first where there are several; null when the header does not have it.</summary>
    public string? Text(int tag) => Texts(tag).FirstOrDefault();

    /// <summary>The texts of a tag.</summary>
    public IEnumerable<string> Texts(int tag)
    {
        if (!_tags.TryGetValue(tag, out var entry) || entry.Offset < 0 || entry.Offset > _data.Length)
        {
            yield break;
        }

        var rest = _data[entry.Offset..];
        for (var i = 0; i < entry.Count; i++)
        {
            var end = rest.Span.IndexOf((byte)0);
            if (end < 0)
            {
                throw Damaged();
            }

            yield return Encoding.UTF8.GetString(rest.Span[..end]);
            rest = rest[(end + 1)..];
        }
    }

    /// <summary>The numbers of a tag of 32 bits; none when the header does not have it.</summary>
    public IReadOnlyList<int> Numbers(int tag)
    {
        if (!_tags.TryGetValue(tag, out var entry) || entry.Type != Int32Type)
        {
            return [];
        }

        if (entry.Offset < 0 || entry.Count < 0 || entry.Offset + (4L * entry.Count) > _data.Length)
        {
            throw Damaged();
        }

        var numbers = new int[entry.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Number(_data.Span[(entry.Offset + (4 * i))..]);
        }

        return numbers;
    }

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes);

    private static UnreadableFileException Damaged() => new("a package in it is damaged");
}

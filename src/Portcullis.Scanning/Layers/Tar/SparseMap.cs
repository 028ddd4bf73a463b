using Portcullis.Scanning.Files;
using System.Globalization;
using System.Text;

namespace Portcullis.Scanning.Layers.Tar;

/// <summary>Reads which parts of a sparse file an archive has, in the two ways of GNU tar that need more than a header.</summary>
internal static class SparseMap
{
    // A file of 64 GiB with a hole after each 64 KiB has as many; the map of a file that has more is made to fill memory.
    public const int MaxParts = 1 << 20;

    // The rest of a block that has no line feed any more are zeros, as many as a block has.
    private const int MaxDigits = TarHeader.Length + 20;

    private const int PartLength = 24;

    private const int PartsOfBlock = 21;

    /// <summary>The parts in a header or in a block that continues it; one of length and offset zero ends them.</summary>
    public static List<(long Offset, long Length)> Parts(ReadOnlySpan<byte> fields, int count)
    {
        var parts = new List<(long, long)>();
        for (var i = 0; i < count && fields[i * PartLength] != 0; i++)
        {
            parts.Add((TarHeader.Number(fields.Slice(i * PartLength, 12)), TarHeader.Number(fields.Slice((i * PartLength) + 12, 12))));
        }

        return parts;
    }

    /// <summary>The old GNU format: four parts in the header, 21 in each block that follows.</summary>
    public static async ValueTask<List<(long Offset, long Length)>> OfHeadersAsync(TarItemHeader header, ForwardInput input, CancellationToken cancellationToken)
    {
        var parts = header.Parts.ToList();
        for (var more = header.HasMoreParts; more;)
        {
            var block = await input.TakeAsync(TarHeader.Length, cancellationToken);
            if (block.Length < TarHeader.Length || parts.Count > MaxParts)
            {
                throw Damaged();
            }

            parts.AddRange(Parts(block.Span, PartsOfBlock));
            more = block.Span[504] != 0;
        }

        return parts;
    }

    /// <summary>Format 1.0: lines of decimal numbers at the beginning of the content, filled up to a block: how many parts, then offset and length of each.</summary>
    public static async ValueTask<List<(long Offset, long Length)>> OfContentAsync(
        TarContent content, ForwardInput input, int limit, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        long? count = null;
        var numbers = new List<long>();
        while (count is null || numbers.Count < count * 2)
        {
            var block = await content.ReadExactlyAsync(input, TarHeader.Length, cancellationToken);
            text.Append(Encoding.ASCII.GetString(block.Span));
            var lines = text.ToString().Split('\n');
            text.Clear().Append(lines[^1].Length > MaxDigits ? throw Damaged() : lines[^1].TrimEnd('\0'));
            foreach (var line in lines[..^1].Where(_ => count is null || numbers.Count < count * 2))
            {
                var number = long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Damaged();
                if (count is null)
                {
                    count = number <= limit / 4 ? number : throw Damaged();
                }
                else
                {
                    numbers.Add(number);
                }
            }
        }

        return [.. numbers.Chunk(2).Select(pair => (pair[0], pair[1]))];
    }

    private static UnreadableFileException Damaged() => new("the map of a sparse file of its archive is damaged");
}

using Portcullis.Scanning.Files;
using System.Globalization;
using System.Text;

namespace Portcullis.Scanning.Layers.Tar;

/// <summary>Reads the records of a pax extended header, "LENGTH KEY=VALUE\n" (POSIX.1-2001, pax, "pax Extended Header").</summary>
internal static class PaxRecords
{
    /// <summary>Adds what the records say to the extension.</summary>
    /// <exception cref="UnreadableFileException">They are not records.</exception>
    public static void Read(ReadOnlySpan<byte> records, TarExtension into)
    {
        while (!records.IsEmpty)
        {
            var space = records.IndexOf((byte)' ');
            if (space is < 1 or > 10 || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 1 || length > records.Length || records[length - 1] != '\n')
            {
                throw new UnreadableFileException("an extended header of its archive is damaged");
            }

            Add(records[(space + 1)..(length - 1)], into);
            records = records[length..];
        }
    }

    private static void Add(ReadOnlySpan<byte> record, TarExtension into)
    {
        var equals = record.IndexOf((byte)'=');
        if (equals < 0)
        {
            throw new UnreadableFileException("an extended header of its archive is damaged");
        }

        var value = record[(equals + 1)..];
        switch (Encoding.UTF8.GetString(record[..equals]))
        {
            case "path":
                into.Name = Encoding.UTF8.GetString(value);
                break;
            case "linkpath":
                into.Link = Encoding.UTF8.GetString(value);
                break;
            case "size":
                into.Size = Number(value);
                break;
            case var key when key.StartsWith("GNU.sparse.", StringComparison.Ordinal):
                AddSparse(key, value, into);
                break;
        }
    }

    // GNU tar manual, "Storing Sparse Files": 0.0 has a pair of records for each part, 0.1 one list of numbers, 1.0 the map in the content.
    private static void AddSparse(string key, ReadOnlySpan<byte> value, TarExtension into)
    {
        switch (key["GNU.sparse.".Length..])
        {
            case "name":
                into.SparseName = Encoding.UTF8.GetString(value);
                break;
            case "size" or "realsize":
                into.RealSize = Number(value);
                break;
            case "offset" when into.Sparse?.Count >= SparseMap.MaxParts:
                throw new UnreadableFileException("the map of a sparse file of its archive is damaged");
            case "offset":
                (into.Sparse ??= []).Add((Number(value), 0));
                break;
            case "numbytes" when into.Sparse is [.., var last]:
                into.Sparse[^1] = (last.Offset, Number(value));
                break;
            case "map":
                into.Sparse = Map(value);
                break;
            case "major":
                into.MapInContent = Number(value) == 1;
                break;
        }
    }

    private static List<(long, long)> Map(ReadOnlySpan<byte> value)
    {
        var numbers = new List<long>();
        foreach (var part in value.Split((byte)','))
        {
            numbers.Add(Number(value[part]));
        }

        return [.. numbers.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (pair[0], pair[1]))];
    }

    private static long Number(ReadOnlySpan<byte> value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new UnreadableFileException("a number in an extended header of its archive is none");
}

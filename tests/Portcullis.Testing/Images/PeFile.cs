using System.Buffers.Binary;
using System.Text;

namespace Portcullis.Testing.Images;

/// <summary>Makes a library of Windows of headers and one section with a version resource. What a test damages has an offset here.</summary>
public static class PeFile
{
    public const int Section = 0x400;
    public const int FirstEntry = Section + 16;
    public const int DataEntry = Section + 72;
    public const int Data = Section + 88;

    private const int Header = 0x80;
    private const int Address = 0x3000;

    public static byte[] Make(bool managed, params (string Name, string Value)[] texts) => Make(managed, Version(texts), gap: 0);

    /// <param name="managed">Whether it is an assembly.</param>
    /// <param name="version">The version resource.</param>
    /// <param name="gap">The bytes of other resources between the tree and the version.</param>
    public static byte[] Make(bool managed, byte[] version, int gap)
    {
        var file = new byte[Data + gap + version.Length];
        "MZ"u8.CopyTo(file);
        Put(file, 0x3c, Header);
        "PE\0\0"u8.CopyTo(file.AsSpan(Header));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(Header + 6), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(Header + 20), 240);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(Header + 24), 0x20b);
        Put(file, Header + 24 + 108, 16);
        Put(file, Header + 24 + 112 + (8 * 2), Address);
        Put(file, Header + 24 + 112 + (8 * 14), managed ? 0x2000 : 0);
        const int Table = Header + 24 + 240;
        ".rsrc"u8.CopyTo(file.AsSpan(Table));
        Put(file, Table + 12, Address);
        Put(file, Table + 16, file.Length - Section);
        Put(file, Table + 20, Section);

        // Type, name, language, data.
        for (var (level, number) = (0, 16); level < 3; level++, number = 1)
        {
            file[Section + (24 * level) + 14] = 1;
            Put(file, FirstEntry + (24 * level), number);
            Put(file, FirstEntry + (24 * level) + 4, level < 2 ? unchecked((int)0x80000000) + (24 * (level + 1)) : 72);
        }

        Put(file, DataEntry, Address + (Data - Section) + gap);
        Put(file, DataEntry + 4, version.Length);
        version.CopyTo(file, Data + gap);
        return file;
    }

    public static byte[] Version(params (string Name, string Value)[] texts) => Node("VS_VERSION_INFO", new byte[52], isText: false, 52,
        Node("StringFileInfo", [], isText: true, 0, Node("040904B0", [], isText: true, 0, [.. texts.SelectMany(t => Text(t.Name, t.Value))])));

    private static byte[] Text(string name, string value) => Aligned(Node(name, Encoding.Unicode.GetBytes(value + "\0"), isText: true, value.Length + 1));

    private static byte[] Node(string key, byte[] value, bool isText, int count, params byte[] children)
    {
        byte[] node = [.. Aligned([.. new byte[6], .. Encoding.Unicode.GetBytes(key + "\0")]), .. children.Length > 0 ? Aligned(value) : value, .. children];
        BinaryPrimitives.WriteUInt16LittleEndian(node, (ushort)node.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(node.AsSpan(2), (ushort)count);
        node[4] = (byte)(isText ? 1 : 0);
        return node;
    }

    private static byte[] Aligned(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];

    private static void Put(byte[] bytes, int at, int number) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), number);
}

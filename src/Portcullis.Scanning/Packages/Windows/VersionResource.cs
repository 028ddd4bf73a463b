using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Windows;

/// <summary>The version resource of a binary (Microsoft, "VS_VERSIONINFO structure"): the texts of its first language, by their names.</summary>
internal static class VersionResource
{
    private const int HeaderLength = 6;
    private const int MostTexts = 100;
    private const int MostLength = 1024;

    /// <summary>The texts. What is too long is left out.</summary>
    /// <exception cref="UnreadableFileException">It is no version resource.</exception>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> bytes)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var root = new Node(bytes);
        if (root.Key != "VS_VERSION_INFO")
        {
            throw Damaged();
        }

        foreach (var child in new Children(root.Children))
        {
            if (child.Key != "StringFileInfo")
            {
                continue;
            }

            foreach (var table in new Children(child.Children))
            {
                foreach (var text in new Children(table.Children))
                {
                    if (texts.Count < MostTexts && text.Text.Trim() is { Length: > 0 and <= MostLength } value)
                    {
                        texts.TryAdd(text.Key, value);
                    }
                }
            }
        }

        return texts;
    }

    private static UnreadableFileException Damaged() => new("its version resource is damaged");

    /// <summary>One part of it: its length, the length of its value, what that is, its name, the value and its parts, each from a multiple of four on.</summary>
    private readonly ref struct Node
    {
        private readonly ReadOnlySpan<byte> _value;

        public Node(ReadOnlySpan<byte> bytes)
        {
            Length = bytes.Length >= HeaderLength ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : 0;
            if (Length < HeaderLength || Length > bytes.Length)
            {
                throw Damaged();
            }

            bytes = bytes[..Length];
            var isText = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) == 1;
            var key = MemoryMarshal.Cast<byte, char>(bytes[HeaderLength..]);
            var end = key.IndexOf('\0');
            if (end < 0)
            {
                throw Damaged();
            }

            Key = key[..Math.Min(end, MostLength)].ToString();
            var value = Math.Min(Aligned(HeaderLength + (2 * (end + 1))), Length);
            // The length of a text is in characters; some programs write it in bytes.
            var count = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) * (isText ? 2 : 1), Length - value);
            _value = bytes.Slice(value, count);
            Children = bytes[Math.Min(Aligned(value + count), Length)..];
        }

        public int Length { get; }

        public string Key { get; }

        public ReadOnlySpan<byte> Children { get; }

        public string Text
        {
            get
            {
                var text = MemoryMarshal.Cast<byte, char>(_value);
                return (text.IndexOf('\0') is >= 0 and var end ? text[..end] : text).ToString();
            }
        }
    }

    private ref struct Children(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public Node Current { get; private set; }

        public readonly Children GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.Length < HeaderLength)
            {
                return false;
            }

            Current = new Node(_rest);
            _rest = _rest[Math.Min(Aligned(Current.Length), _rest.Length)..];
            return true;
        }
    }

    private static int Aligned(int offset) => (offset + 3) & ~3;
}

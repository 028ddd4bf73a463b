using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Portcullis.Core.Components;

namespace Portcullis.Scanning.Store;

/// <summary>The components of an image as numbers: the component, its layer with its origin, the package that it is part of, its distribution.</summary>
internal sealed class LocatedComponents(NumberedValues<Component> components, NumberedValues<Distribution> distributions)
{
    private const int Numbers = 4;
    private const int Size = Numbers * sizeof(int);
    private const int None = 0;

    public byte[] Write(IReadOnlyList<LocatedComponent> located, SqliteTransaction transaction)
    {
        var bytes = new byte[located.Count * Size];
        for (var i = 0; i < located.Count; i++)
        {
            var one = located[i];
            var entry = bytes.AsSpan(i * Size, Size);
            Put(entry, 0, components.NumberOf(one.Component, transaction));
            Put(entry, 1, (one.Layer << 1) | (int)one.Origin);
            Put(entry, 2, one.PartOf is null ? None : components.NumberOf(one.PartOf, transaction));
            Put(entry, 3, one.Distribution is null ? None : distributions.NumberOf(one.Distribution, transaction));
        }

        return bytes;
    }

    public IReadOnlyList<LocatedComponent> Read(ReadOnlySpan<byte> bytes)
    {
        var located = new List<LocatedComponent>(bytes.Length / Size);
        for (; bytes.Length >= Size; bytes = bytes[Size..])
        {
            var place = Get(bytes, 1);
            located.Add(new LocatedComponent(components[Get(bytes, 0)], place >> 1, [])
            {
                Origin = (ComponentOrigin)(place & 1),
                PartOf = Get(bytes, 2) is not None and var owner ? components[owner] : null,
                Distribution = Get(bytes, 3) is not None and var distribution ? distributions[distribution] : null,
            });
        }

        return located;
    }

    /// <summary>Whether one of the components has one of these numbers.</summary>
    public static bool HasAny(ReadOnlySpan<byte> bytes, HashSet<int> numbers)
    {
        for (; bytes.Length >= Size; bytes = bytes[Size..])
        {
            if (numbers.Contains(Get(bytes, 0)))
            {
                return true;
            }
        }

        return false;
    }

    private static void Put(Span<byte> entry, int at, int number) => BinaryPrimitives.WriteInt32LittleEndian(entry[(at * sizeof(int))..], number);

    private static int Get(ReadOnlySpan<byte> entry, int at) => BinaryPrimitives.ReadInt32LittleEndian(entry[(at * sizeof(int))..]);
}

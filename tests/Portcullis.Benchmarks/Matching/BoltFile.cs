using System.Buffers.Binary;
using System.Text;

namespace Portcullis.Benchmarks.Matching;

/// <summary>
/// Writes a file of bbolt (go.etcd.io/bbolt, file format version 2), in which Trivy keeps its database: each bucket is one leaf page, as long as it needs to be.
/// </summary>
internal sealed class BoltFile(Stream file)
{
    private const int PageSize = 4096;
    private const int HeaderSize = 16;
    private const int ElementSize = 16;
    private const uint Magic = 0xED0CDAED;
    private const ushort LeafPage = 2;
    private const ushort MetaPage = 4;
    private const ushort FreelistPage = 16;
    private const uint IsBucket = 1;

    private long _nextPage = 3;

    /// <summary>Values of a bucket, or buckets in it, by key.</summary>
    public sealed class Bucket : SortedDictionary<string, object>
    {
        public Bucket()
            : base(StringComparer.Ordinal)
        {
        }

        public Bucket In(string key)
        {
            if (!TryGetValue(key, out var bucket))
            {
                Add(key, bucket = new Bucket());
            }

            return (Bucket)bucket;
        }
    }

    public void Write(Bucket root)
    {
        var page = WriteBucket(root);
        WritePage(2, FreelistPage, 0, []);
        WriteMeta(0, page);
        WriteMeta(1, page);
        file.SetLength(_nextPage * PageSize);
    }

    private long WriteBucket(Bucket bucket)
    {
        var elements = bucket.Select(e => e.Value is Bucket inner
            ? new Element(Encoding.UTF8.GetBytes(e.Key), BucketValue(WriteBucket(inner)), IsBucket)
            : new Element(Encoding.UTF8.GetBytes(e.Key), (byte[])e.Value, 0)).ToList();
        var body = new byte[elements.Sum(e => ElementSize + e.Key.Length + e.Value.Length)];
        var at = elements.Count * ElementSize;
        for (var i = 0; i < elements.Count; i++)
        {
            var (key, value, flags) = elements[i];
            var element = body.AsSpan(i * ElementSize);
            BinaryPrimitives.WriteUInt32LittleEndian(element, flags);
            BinaryPrimitives.WriteUInt32LittleEndian(element[4..], (uint)(at - (i * ElementSize)));
            BinaryPrimitives.WriteUInt32LittleEndian(element[8..], (uint)key.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(element[12..], (uint)value.Length);
            key.CopyTo(body, at);
            value.CopyTo(body, at + key.Length);
            at += key.Length + value.Length;
        }

        var page = _nextPage;
        _nextPage += (HeaderSize + body.Length + PageSize - 1) / PageSize;
        WritePage(page, LeafPage, checked((ushort)elements.Count), body);
        return page;
    }

    private sealed record Element(byte[] Key, byte[] Value, uint Flags);

    private static byte[] BucketValue(long page)
    {
        var value = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(value, page);
        return value;
    }

    private void WritePage(long page, ushort flags, ushort count, byte[] body)
    {
        var header = new byte[HeaderSize];
        BinaryPrimitives.WriteInt64LittleEndian(header, page);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), count);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), (HeaderSize + body.Length - 1) / PageSize);
        file.Position = page * PageSize;
        file.Write(header);
        file.Write(body);
    }

    private void WriteMeta(long number, long root)
    {
        var meta = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(meta, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(meta.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(meta.AsSpan(8), PageSize);
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(16), root);
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(32), 2);
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(40), _nextPage);
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(48), number + 1);
        var hash = 14695981039346656037UL;
        foreach (var b in meta.AsSpan(0, 56))
        {
            hash = (hash ^ b) * 1099511628211;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(meta.AsSpan(56), hash);
        WritePage(number, MetaPage, 0, meta);
    }
}

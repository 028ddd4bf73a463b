using System.Text;

namespace Portcullis.Scanning.Advisories;

/// <summary>The hash by which a package is found: FNV-1a of ecosystem and name, mixed. It is part of the file's layout.</summary>
internal static class PackageHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(string ecosystem, string name)
    {
        var hash = Add(Add(Offset, ecosystem) * Prime, name);
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }

    private static ulong Add(ulong hash, string text)
    {
        Span<byte> utf8 = stackalloc byte[512];
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= utf8.Length ? utf8[..Encoding.UTF8.GetBytes(text, utf8)] : Encoding.UTF8.GetBytes(text);
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * Prime;
        }

        return hash;
    }
}

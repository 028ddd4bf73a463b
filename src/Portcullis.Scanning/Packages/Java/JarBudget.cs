using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>How much is read of one file that is an archive, with all archives inside of it.</summary>
/// <param name="entries">The entries of all of them.</param>
/// <param name="bytes">The bytes of those inside once decompressed. The largest programs have less than 1 GiB.</param>
internal sealed class JarBudget(int entries = 500_000, long bytes = 2L << 30)
{
    /// <summary>A file, the archives in it, and those in these.</summary>
    public const int MostDepth = 3;

    // Each entry has a header before its content, and one in the directory.
    private int _headers = 2 * entries;

    /// <summary>The bytes that may still be decompressed.</summary>
    public long Bytes { get; private set; } = bytes;

    /// <summary>One more entry, or its name in the directory.</summary>
    /// <exception cref="UnreadableFileException">It has too many entries.</exception>
    public void CountHeader()
    {
        if (--_headers < 0)
        {
            throw new UnreadableFileException($"it has more than {entries} entries, and the rest was not read");
        }
    }

    /// <summary>So much was decompressed.</summary>
    public void CountBytes(long count) => Bytes = Math.Max(0, Bytes - count);
}

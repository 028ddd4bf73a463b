namespace Portcullis.Scanning.Advisories;

/// <summary>
/// Pages of a database's file that were read: the packages of one image lie all over it, and a call of the operating system for each costs more than all the rest. What is kept has a bound; then
/// all is let go and begins anew. Pages never change, so whoever has one may go on with it.
/// </summary>
internal sealed class FilePages(long fileLength)
{
    /// <summary>Bytes. Most records and packages are much shorter.</summary>
    public const int PageSize = 1 << 16;

    /// <summary>64 MB.</summary>
    private const int Capacity = 1024;

    private readonly byte[]?[] _pages = new byte[(fileLength + PageSize - 1) / PageSize][];
    private int _count;

    public byte[] Get(int page, DatabaseFile file)
    {
        if (Volatile.Read(ref _pages[page]) is { } known)
        {
            return known;
        }

        if (Interlocked.Increment(ref _count) > Capacity)
        {
            Array.Clear(_pages);
            Volatile.Write(ref _count, 1);
        }

        var read = file.ReadPage(page);
        Volatile.Write(ref _pages[page], read);
        return read;
    }
}

using System.Collections.Concurrent;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>
/// What advisories say, read from the file when a finding needs it. The images of one registry share most of their vulnerabilities, so what was read is kept, up to
/// a bound: then all is let go and begins anew.
/// </summary>
internal sealed class DetailsCache(DatabaseFile file)
{
    private const int Capacity = 50_000;

    private readonly ConcurrentDictionary<long, AdvisoryDetails> _byOffset = [];
    private int _count;

    public AdvisoryDetails Get(long offset, int length)
    {
        if (_byOffset.TryGetValue(offset, out var known))
        {
            return known;
        }

        if (Interlocked.Increment(ref _count) > Capacity)
        {
            _byOffset.Clear();
            Volatile.Write(ref _count, 1);
        }

        return _byOffset.GetOrAdd(offset, Read(offset, length));
    }

    private AdvisoryDetails Read(long offset, int length)
    {
        try
        {
            return StoredAdvisory.ReadDetails(file.Piece(offset, length).Span);
        }
        catch (FormatException)
        {
            throw file.Damaged($"the advisory at {offset}");
        }
    }
}

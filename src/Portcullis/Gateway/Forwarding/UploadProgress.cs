using System.Collections.Concurrent;
using Portcullis.Core.Registries.Requests;

namespace Portcullis.Gateway.Forwarding;

/// <summary>
/// How far uploads are that went through this gateway in chunks. docker-registry answers a location that it gave before the last chunk as if there were no such
/// upload; a client that did not get the answer to a chunk has no other one. Another copy of the gateway does not know it, and there the client begins anew.
/// </summary>
internal sealed class UploadProgress(TimeProvider time)
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Registry, string Repository, string Id), (UploadLocation Location, long At)> _latest = new();

    /// <summary>The location after the last chunk: the one that was asked for, or a later one of the same upload.</summary>
    public UploadLocation Latest(string registry, string repository, UploadLocation asked) =>
        _latest.TryGetValue((registry, repository, asked.Id), out var known) && known.Location.Offset > asked.Offset ? known.Location : asked;

    public void Note(string registry, string repository, UploadLocation location)
    {
        if (_latest.Count >= MostKept)
        {
            Trim();
        }

        _latest[(registry, repository, location.Id)] = (location, time.GetTimestamp());
    }

    /// <summary>The upload has ended.</summary>
    public void Forget(string registry, string repository, UploadLocation location) => _latest.TryRemove((registry, repository, location.Id), out _);

    /// <summary>What nobody went on with for long; else what is oldest.</summary>
    private void Trim()
    {
        var old = _latest.Where(l => time.GetElapsedTime(l.Value.At) > KeptFor).Select(l => l.Key).ToList();
        foreach (var key in old.Count > 0 ? old : _latest.OrderBy(l => l.Value.At).Take(MostKept / 4).Select(l => l.Key).ToList())
        {
            _latest.TryRemove(key, out _);
        }
    }
}

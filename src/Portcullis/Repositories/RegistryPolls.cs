using System.Collections.Concurrent;
using System.Net;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Registries;

namespace Portcullis.Repositories;

/// <summary>Asks a registry what its tags name, and remembers when each repository was last asked.</summary>
internal sealed class RegistryPolls(RegistryConnections connections, TimeProvider time)
{
    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<RepositoryId, long> _polled = new();

    /// <summary>How long until the repository is due.</summary>
    public TimeSpan DueIn(RepositoryId repository, TimeSpan interval) =>
        _polled.TryGetValue(repository, out var at) && time.GetElapsedTime(at) is var elapsed && elapsed < interval ? interval - elapsed : TimeSpan.Zero;

    /// <summary>Every tag of the repository, null for one that the registry cannot read; none when the registry has no such repository.</summary>
    /// <exception cref="RegistryException">The registry does not answer, or can read none of the tags.</exception>
    public async Task<IReadOnlyDictionary<string, FoundTag?>> PollAsync(RepositoryId repository, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var client = await connections.GetAsync(repository.Registry, cancellationToken);
        var found = new ConcurrentDictionary<string, FoundTag?>(StringComparer.Ordinal);
        RegistryException? failure = null;
        await Parallel.ForEachAsync(
            await client.Tags.ListAsync(repository.Name, cancellationToken) ?? [],
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (tag, token) =>
            {
                try
                {
                    if (await client.Manifests.HeadAsync(repository.Name, tag, token) is { Digest: { } digest } head)
                    {
                        found[tag] = new FoundTag(digest, head.MediaType);
                    }
                }
                catch (RegistryException e) when (e.Status == HttpStatusCode.InternalServerError)
                {
                    (found[tag], failure) = (null, e);
                }
            });
        if (failure is not null && found.Values.All(f => f is null))
        {
            throw failure;
        }

        _polled[repository] = started;
        return found;
    }

    public void Forget(RepositoryId repository) => _polled.TryRemove(repository, out _);
}

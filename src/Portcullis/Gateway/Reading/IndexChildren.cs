using System.Collections.Concurrent;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Registries;

namespace Portcullis.Gateway.Reading;

/// <summary>Which images an index lists: read once, because a digest never lists others.</summary>
internal sealed class IndexChildren(RegistryConnections connections)
{
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<(RepositoryId Repository, string Digest), IReadOnlySet<string>> _read = new();

    public static bool IsIndex(string? mediaType) => RegistryMediaTypes.IsIndex(mediaType);

    public async ValueTask<bool> ContainAsync(RepositoryId repository, string index, string digest, CancellationToken cancellationToken)
    {
        if (!_read.TryGetValue((repository, index), out var children))
        {
            var client = await connections.GetAsync(repository.Registry, cancellationToken);
            if (await client.Manifests.GetAsync(repository.Name, index, cancellationToken) is not { } manifest)
            {
                return false;
            }

            if (_read.Count >= MostKept)
            {
                _read.Clear();
            }

            _read[(repository, index)] = children = manifest.View().Manifests.Select(m => m.Digest).ToHashSet(StringComparer.Ordinal);
        }

        return children.Contains(digest);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Registry;

/// <summary>Lists of tags and of repositories: whole, sorted ordinally, each entry once.</summary>
public sealed class RegistryTags
{
    /// <summary>docker-registry refuses more than 1000.</summary>
    private const int CatalogPage = 500;

    private readonly RegistryTransport _transport;

    internal RegistryTags(RegistryTransport transport) => _transport = transport;

    /// <summary>All tags of a repository; empty when it has none, null when the registry does not know it.</summary>
    public Task<IReadOnlyList<string>?> ListAsync(string repository, CancellationToken cancellationToken) => ReadAsync(
        RegistryPaths.Tags(repository), RegistryAccess.Pull(repository), RegistryJsonContext.Default.TagListAnswer, a => a.Tags, cancellationToken);

    /// <summary>All repositories; null when the registry has no catalogue.</summary>
    public Task<IReadOnlyList<string>?> ListRepositoriesAsync(CancellationToken cancellationToken) => ReadAsync(
        $"{RegistryPaths.Catalog}?n={CatalogPage}", RegistryAccess.Catalog, RegistryJsonContext.Default.CatalogAnswer, a => a.Repositories, cancellationToken);

    private async Task<IReadOnlyList<string>?> ReadAsync<T>(
        string path, RegistryAccess access, JsonTypeInfo<T> type, Func<T, IReadOnlyList<string?>?> entries, CancellationToken cancellationToken)
        where T : class
    {
        SortedSet<string>? all = null;
        await foreach (var page in new RegistryPages(_transport).ReadAsync(path, access, cancellationToken))
        {
            all ??= new SortedSet<string>(StringComparer.Ordinal);
            all.UnionWith((entries(Parse(path, page, type)) ?? []).OfType<string>());
        }

        return all is null ? null : [.. all];
    }

    private static T Parse<T>(string path, byte[] page, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(page, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new RegistryException(RegistryFailure.Damaged, $"GET /{path}: the answer is no list", inner: e);
        }
    }
}

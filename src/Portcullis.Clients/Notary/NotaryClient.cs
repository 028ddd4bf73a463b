using System.Net;
using Portcullis.Clients.Notary.Wire;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Notary;

/// <summary>
/// A Notary v1 server: metadata as bytes within bounds, and nothing about what it means; who reads it verifies it. Requests are sent, retried and
/// authorised as to a registry, with the globally unique name in the place of a repository. Every call throws <see cref="NotaryException"/>
/// alone, but for its own cancellation. Safe for use by many at once.
/// </summary>
public sealed class NotaryClient
{
    /// <summary>Public keys have a few hundred bytes, certificates a few thousand.</summary>
    private const int LargestKey = 64 * 1024;

    private readonly NotaryTransport _transport;

    private NotaryClient(NotaryTransport transport) => _transport = transport;

    public RegistryEndpoint Endpoint => _transport.Endpoint;

    /// <param name="endpoint">Where the server is.</param>
    /// <param name="handler">Opens the connections, and stays the caller's. It must not follow redirects.</param>
    /// <param name="options">Credentials and bounds. An authorization sees the globally unique name as the repository; <see cref="RegistryActions.Delete"/> stands for what owners alone do (<c>*</c>).</param>
    /// <exception cref="ArgumentException">The handler follows redirects.</exception>
    public static NotaryClient Create(RegistryEndpoint endpoint, HttpMessageHandler handler, RegistryClientOptions options) =>
        new(new NotaryTransport(RegistryTransport.Create(endpoint, handler, options)));

    /// <summary>The bytes of a role's metadata, unverified; null when the server has none (METADATA_NOT_FOUND).</summary>
    /// <param name="gun">The globally unique name: <c>HOST/REPOSITORY</c>.</param>
    /// <param name="name">Which file.</param>
    /// <param name="limit">The most bytes that are read; a larger answer is <see cref="NotaryFailure.Refused"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<byte[]?> GetAsync(string gun, MetadataName name, int limit, CancellationToken cancellationToken) =>
        _transport.GetAsync(NotaryPaths.Metadata(gun, name), RegistryAccess.Pull(gun), limit, cancellationToken);

    /// <summary>Publishes metadata of several roles: the server takes all of it or nothing.</summary>
    /// <param name="gun">The globally unique name.</param>
    /// <param name="roles">The signed bytes of each role.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="NotaryException">
    /// Somebody published meanwhile (Conflict), or the server's own checks refuse it (Invalid). When it is Unavailable, it may have been published.
    /// </exception>
    public Task PublishAsync(string gun, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> roles, CancellationToken cancellationToken)
    {
        var path = NotaryPaths.Publication(gun);
        var upload = MetadataUpload.Of(roles);
        return _transport.SendAsync(() => upload.Request(_transport.UrlOf(path)), RegistryAccess.Push(gun), cancellationToken);
    }

    /// <summary>The public key that the server signs a role with, as it writes keys in JSON. As long as no root is published that names it, each call makes a new one.</summary>
    /// <param name="gun">The globally unique name.</param>
    /// <param name="role"><c>snapshot</c> or <c>timestamp</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<byte[]> GetKeyAsync(string gun, string role, CancellationToken cancellationToken) =>
        KeyAsync(HttpMethod.Get, gun, role, RegistryAccess.Push(gun), cancellationToken);

    /// <summary>Makes the server sign a role with a new key from the next publication of a root that names it on, and returns that key.</summary>
    /// <param name="gun">The globally unique name.</param>
    /// <param name="role"><c>snapshot</c> or <c>timestamp</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<byte[]> RotateKeyAsync(string gun, string role, CancellationToken cancellationToken) =>
        KeyAsync(HttpMethod.Post, gun, role, RegistryAccess.Delete(gun), cancellationToken);

    /// <summary>Deletes all trust data of a name. It is no error when there is none.</summary>
    public Task DeleteAsync(string gun, CancellationToken cancellationToken)
    {
        var path = NotaryPaths.Publication(gun);
        return _transport.SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, _transport.UrlOf(path)), RegistryAccess.Delete(gun), cancellationToken);
    }

    /// <summary>What changed, oldest first.</summary>
    /// <param name="gun">Of one name; null for all of the server, which asks for the right to its catalogue.</param>
    /// <param name="after">The id of the last change that is known; null for the beginning, <c>-1</c> with a negative number for the newest.</param>
    /// <param name="records">The most that are returned; negative for those before <paramref name="after"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<NotaryChange>> ChangesAsync(string? gun, string? after, int records, CancellationToken cancellationToken)
    {
        var path = NotaryPaths.Changes(gun, after, records);
        var access = gun is null ? RegistryAccess.Catalog : RegistryAccess.Pull(gun);
        return await _transport.GetAsync(path, access, ChangeFeed.LargestPage, cancellationToken) is { } page
            ? ChangeFeed.Read(page)
            : throw new NotaryException(NotaryFailure.Unsupported, $"{Endpoint} has no changefeed", HttpStatusCode.NotFound);
    }

    private async Task<byte[]> KeyAsync(HttpMethod method, string gun, string role, RegistryAccess access, CancellationToken cancellationToken)
    {
        var path = NotaryPaths.Key(gun, role);
        return await _transport.ReadAsync(() => new HttpRequestMessage(method, _transport.UrlOf(path)), access, LargestKey, cancellationToken);
    }
}

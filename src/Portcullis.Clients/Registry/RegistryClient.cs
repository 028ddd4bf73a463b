using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Registry;

/// <summary>
/// A registry by OCI distribution 1.1, as docker-registry 2.8 speaks it too. Content is verified by its digest; names and answers that lead
/// elsewhere are refused; each call is as few requests as it can be. Every call throws <see cref="RegistryException"/> alone, but for its own
/// cancellation. Safe for use by many at once.
/// </summary>
public sealed class RegistryClient
{
    private RegistryClient(RegistryTransport transport, RegistryClientOptions options)
    {
        Endpoint = transport.Endpoint;
        Manifests = new RegistryManifests(transport);
        Blobs = new RegistryBlobs(transport);
        Uploads = new RegistryUploads(transport, Blobs, options.ChunkSize);
        Tags = new RegistryTags(transport);
        Referrers = new RegistryReferrers(transport, Manifests);
    }

    public RegistryEndpoint Endpoint { get; }

    /// <summary>Manifests and indexes.</summary>
    public RegistryManifests Manifests { get; }

    /// <summary>Layers and configs: asking, reading, mounting.</summary>
    public RegistryBlobs Blobs { get; }

    /// <summary>Writing blobs.</summary>
    public RegistryUploads Uploads { get; }

    /// <summary>Lists of tags and repositories.</summary>
    public RegistryTags Tags { get; }

    /// <summary>What is attached to a manifest.</summary>
    public RegistryReferrers Referrers { get; }

    /// <param name="endpoint">Where the registry is.</param>
    /// <param name="handler">
    /// Opens the connections, and stays the caller's: it decides which addresses and certificates are taken. It must not follow redirects.
    /// </param>
    /// <param name="options">Credentials and bounds.</param>
    /// <exception cref="ArgumentException">The handler follows redirects.</exception>
    public static RegistryClient Create(RegistryEndpoint endpoint, HttpMessageHandler handler, RegistryClientOptions options) =>
        new(RegistryTransport.Create(endpoint, handler, options), options);
}

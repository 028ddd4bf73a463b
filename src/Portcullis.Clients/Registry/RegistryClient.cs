using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;
using Portcullis.Http.Retries;
using Portcullis.Http.Sending;

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
    public static RegistryClient Create(RegistryEndpoint endpoint, HttpMessageHandler handler, RegistryClientOptions options)
    {
        if (handler is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true })
        {
            throw new ArgumentException("the handler follows redirects by itself, and would take requests to any host", nameof(handler));
        }

        var retries = new RetryHandler(IsSafe, options.Time) { InnerHandler = new StallHandler(handler, options.Patience, options.Time) };
        var invoker = new HttpMessageInvoker(new UserAgentHandler("portcullis") { InnerHandler = retries }, disposeHandler: false);
        var sender = new RequestSender(invoker, options.Patience, options.Time);
        return new RegistryClient(new RegistryTransport(endpoint, sender, options.Authorization ?? Challenges(endpoint, sender, options)), options);
    }

    private static ChallengeAuthorization Challenges(RegistryEndpoint endpoint, RequestSender sender, RegistryClientOptions options) => new(
        new RealmRule(endpoint, options.Realms), new TokenServer(sender, options.Credential), new TokenCache(options.Time), options.Credential);

    /// <summary>A write that failed inside the registry may have been done, and another's may have followed it: who wrote decides anew.</summary>
    private static bool IsSafe(HttpRequestMessage request) => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
}

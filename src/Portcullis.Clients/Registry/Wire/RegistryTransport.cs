using System.Net;
using System.Net.Http.Headers;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Http.Retries;
using Portcullis.Http.Sending;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>Sends requests to the registry itself, authorised, and once more when the registry rejects the authorisation.</summary>
internal sealed class RegistryTransport(RegistryEndpoint endpoint, RequestSender sender, IRegistryAuthorization authorization)
{
    public RegistryEndpoint Endpoint => endpoint;

    public RequestSender Sender => sender;

    /// <summary>Retries what is safe, watches progress, and answers the server's challenges where the options bring no authorization of their own.</summary>
    /// <exception cref="ArgumentException">The handler follows redirects.</exception>
    public static RegistryTransport Create(RegistryEndpoint endpoint, HttpMessageHandler handler, RegistryClientOptions options)
    {
        if (handler is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true })
        {
            throw new ArgumentException("the handler follows redirects by itself, and would take requests to any host", nameof(handler));
        }

        var retries = new RetryHandler(IsSafe, options.Time) { InnerHandler = new StallHandler(handler, options.Patience, options.Time) };
        var invoker = new HttpMessageInvoker(new UserAgentHandler("portcullis") { InnerHandler = retries }, disposeHandler: false);
        var sender = new RequestSender(invoker, options.Patience, options.Time);
        return new RegistryTransport(endpoint, sender, options.Authorization ?? Challenges(endpoint, sender, options));
    }

    /// <param name="path">Of <see cref="RegistryPaths"/>.</param>
    public Uri UrlOf(string path) => new(endpoint.Address, path);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, RegistryAccess access, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(method, UrlOf(path)), access, cancellationToken);

    /// <param name="request">Called for each attempt.</param>
    /// <param name="access">What it needs.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, RegistryAccess access, CancellationToken cancellationToken)
    {
        var credential = await authorization.AuthorizeAsync(access, cancellationToken);
        var response = await sender.SendAsync(request(), credential, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var headers))
        {
            return response;
        }

        AuthenticationHeaderValue? renewed;
        try
        {
            renewed = await authorization.AnswerAsync(access, ChallengeParser.Parse(headers), credential, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (renewed is null)
        {
            return response;
        }

        response.Dispose();
        return await sender.SendAsync(request(), renewed, cancellationToken);
    }

    /// <summary>The same when one status alone is success; what a refusal says is thrown.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> request, RegistryAccess access, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        var response = await SendAsync(request, access, cancellationToken);
        return response.StatusCode == expected ? response : throw await sender.FailureAsync(response, cancellationToken);
    }

    /// <summary>Where the registry says that something is; it is followed on the registry itself alone.</summary>
    public Uri OwnLocation(HttpResponseMessage response)
    {
        var location = response.Headers.Location ?? throw RegistryErrors.Damaged(response, "the answer names no location");
        return OwnUrl(response, new Uri(response.RequestMessage!.RequestUri!, location));
    }

    public Uri OwnUrl(HttpResponseMessage response, Uri url) =>
        endpoint.Covers(url)
            ? url
            : throw new RegistryException(
                RegistryFailure.Refused,
                $"{RegistryErrors.Asked(response.RequestMessage!)}: the answer leads to {url.GetLeftPart(UriPartial.Authority)}, which is not the registry {endpoint}",
                response.StatusCode);

    private static ChallengeAuthorization Challenges(RegistryEndpoint endpoint, RequestSender sender, RegistryClientOptions options) => new(
        new RealmRule(endpoint, options.Realms), new TokenServer(sender, options.Credential), new TokenCache(options.Time), options.Credential);

    /// <summary>A write that failed inside the registry may have been done, and another's may have followed it: who wrote decides anew.</summary>
    private static bool IsSafe(HttpRequestMessage request) => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
}

using System.Net;
using System.Net.Http.Headers;
using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>
/// Asks for one blob, or the rest of it. Registries may redirect to a store of objects (S3): that is followed, without credentials where the
/// host is another, and never from TLS to plain HTTP.
/// </summary>
internal sealed class BlobRequest(RegistryTransport transport, string repository, string digest)
{
    private const int MostRedirects = 5;

    public string Digest => digest;

    public RequestSender Sender => transport.Sender;

    public Uri Url { get; } = transport.UrlOf(RegistryPaths.Blob(repository, digest));

    /// <summary>An answer of 200 or 206 from this byte on; null when the blob is not there.</summary>
    public async Task<HttpResponseMessage?> GetAsync(long from, CancellationToken cancellationToken)
    {
        var url = Url;
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendAsync(url, from, cancellationToken);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK or HttpStatusCode.PartialContent:
                    return response;
                case HttpStatusCode.NotFound:
                    response.Dispose();
                    return null;
                case >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest when response.Headers.Location is { } location:
                    url = Follow(response, redirects, url, new Uri(url, location));
                    response.Dispose();
                    continue;
                default:
                    throw await Sender.FailureAsync(response, cancellationToken);
            }
        }
    }

    private Task<HttpResponseMessage> SendAsync(Uri url, long from, CancellationToken cancellationToken) =>
        transport.Endpoint.Covers(url)
            ? transport.SendAsync(() => Request(url, from), RegistryAccess.Pull(repository), cancellationToken)
            : Sender.SendAsync(Request(url, from), null, cancellationToken);

    private static HttpRequestMessage Request(Uri url, long from)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
        return request;
    }

    private static Uri Follow(HttpResponseMessage response, int redirects, Uri from, Uri to)
    {
        var why = redirects >= MostRedirects ? $"redirected more than {MostRedirects} times"
            : to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp) ? null
            : $"redirected to {to.Scheme}";
        return why is null ? to : throw new RegistryException(RegistryFailure.Refused, $"{RegistryErrors.Asked(response.RequestMessage!)}: {why}", response.StatusCode);
    }
}

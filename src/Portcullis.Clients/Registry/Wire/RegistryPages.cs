using System.Net;
using System.Runtime.CompilerServices;
using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>Reads a list page by page, as long as it is one of this registry and comes to an end.</summary>
internal sealed class RegistryPages(RegistryTransport transport)
{
    private const int MostPages = 1000;

    /// <summary>Of one page: docker-registry 2.8 gives all tags in one.</summary>
    private const int LargestPage = 16 * 1024 * 1024;

    private const long LargestList = 64 * 1024 * 1024;

    /// <summary>
    /// Whether the registry does not know such a list at all: it answered as a server does that has nothing under a path, and not with an error of its own
    /// (OCI distribution 1.1, error codes).
    /// </summary>
    public bool IsUnknown { get; private set; }

    /// <summary>The body of each page; nothing at all when the first is not there.</summary>
    public async IAsyncEnumerable<byte[]> ReadAsync(string path, RegistryAccess access, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<Uri>();
        var size = 0L;
        for (var url = transport.UrlOf(path); url is not null;)
        {
            if (!seen.Add(url) || seen.Count > MostPages || size > LargestList)
            {
                throw new RegistryException(RegistryFailure.Refused, $"GET {url.GetLeftPart(UriPartial.Path)}: the list has no end: after {seen.Count} pages there is always another");
            }

            var page = url;
            using var response = await transport.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, page), access, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound && seen.Count == 1)
            {
                IsUnknown = response.Content.Headers.ContentType?.MediaType != "application/json";
                yield break;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await transport.Sender.FailureAsync(response, cancellationToken);
            }

            url = Next(response, page);
            var bytes = await transport.Sender.ReadAsync(response, LargestPage, cancellationToken);
            size += bytes.Length;
            yield return bytes;
        }
    }

    private Uri? Next(HttpResponseMessage response, Uri page) =>
        NextLink.Of(response) is not { } link ? null
        : Uri.TryCreate(page, link, out var next) ? transport.OwnUrl(response, next)
        : throw RegistryErrors.Damaged(response, "the link to the next page is no URL");
}

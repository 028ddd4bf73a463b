using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>Lists and watches one kind (all of it, or what selectors and a namespace leave) as bytes and events.</summary>
public sealed class CollectionClient
{
    /// <summary>How often a list whose pages expire under way is begun again before the error is the caller's.</summary>
    private const int Restarts = 3;

    private readonly ApiTransport _transport;
    private readonly ListOptions _options;

    internal CollectionClient(ApiTransport transport, ApiResource resource, ListOptions options)
    {
        _transport = transport;
        _options = options;
        Resource = resource;
    }

    public ApiResource Resource { get; }

    /// <summary>One page: the first when <paramref name="continueToken"/> is null. No resourceVersion is sent, so the list is the newest.</summary>
    public Task<ListPage> ListPageAsync(string? continueToken, CancellationToken cancellationToken) =>
        ListPageAsync(continueToken, _options.PageSize, cancellationToken);

    /// <summary>The version that the server is at, by one request for at most one object.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken) => (await ListPageAsync(null, 1, cancellationToken)).ResourceVersion;

    private async Task<ListPage> ListPageAsync(string? continueToken, int size, CancellationToken cancellationToken)
    {
        var request = Request().With("limit", size).With("continue", continueToken);
        var bytes = (await _transport.SendAsync(request, cancellationToken))!;
        try
        {
            return ListPage.Read(bytes);
        }
        catch (JsonException e)
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"the response to {request} is not a list", e);
        }
    }

    /// <summary>All pages as one. When the continue token expires between two pages (410) the whole list is begun again.</summary>
    public async Task<ListPage> ListWholeAsync(CancellationToken cancellationToken)
    {
        for (var restart = 0; ; restart++)
        {
            try
            {
                var items = new List<ReadOnlyMemory<byte>>();
                string? next = null;
                ListPage page;
                do
                {
                    page = await ListPageAsync(next, cancellationToken);
                    items.AddRange(page.Items);
                    next = page.Continue;
                }
                while (next is not null);

                return page with { Items = items };
            }
            catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.Gone && restart < Restarts)
            {
                // Another snapshot: nothing of the old pages may be mixed in.
            }
        }
    }

    /// <summary>
    /// What happens after a version, bookmarks included, until the server ends it or the token is cancelled. An ERROR event is
    /// thrown as <see cref="KubernetesApiException"/>, a broken or torn stream as <see cref="HttpRequestException"/>.
    /// </summary>
    /// <param name="resourceVersion">A list's or an event's.</param>
    /// <param name="serverLimit">After how long the server ends it.</param>
    /// <param name="opened">Called when the server has accepted the watch, before any event.</param>
    /// <param name="cancellationToken">Ends it from this side.</param>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        string resourceVersion, TimeSpan? serverLimit, Action? opened, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = Request()
            .With("watch", "true")
            .With("allowWatchBookmarks", "true")
            .With("resourceVersion", resourceVersion);
        if (serverLimit is { } limit)
        {
            request.With("timeoutSeconds", (long)limit.TotalSeconds);
        }

        using var response = await _transport.OpenAsync(request, cancellationToken);
        opened?.Invoke();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var events = new JsonObjectStream(stream);
        while (await NextAsync(request, events, cancellationToken) is { } change)
        {
            yield return change.Type == WatchEvent.Error ? throw change.ToException() : change;
        }
    }

    private static async ValueTask<WatchEvent?> NextAsync(ApiRequest request, JsonObjectStream events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.NextAsync(cancellationToken) is { } bytes ? JsonSerializer.Deserialize(bytes.Span, ClientJsonContext.Default.WatchEvent) : null;
        }
        catch (JsonException e)
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"the connection of the watch {request} was closed inside an object", e);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"the connection of the watch {request} was closed", e);
        }
    }

    private ApiRequest Request() => ApiRequest.Get(Resource.CollectionPath(_options.Namespace))
        .With("labelSelector", _options.LabelSelector)
        .With("fieldSelector", _options.FieldSelector);
}

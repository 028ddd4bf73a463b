using System.Net;

namespace Portcullis.Http.Retries;

/// <summary>
/// Repeats a request that the server was too busy for. 429 means that nothing was done, so any method is repeated; after a 5xx only a
/// request that may run twice. A pause that the server asks for is kept when it is short, else the answer goes to the caller, whose
/// queue waits better. Broken connections go to the caller too. <paramref name="mayRunTwice"/> decides which requests may be repeated although
/// they may have been executed.
/// </summary>
public sealed class RetryHandler(Func<HttpRequestMessage, bool> mayRunTwice, TimeProvider time) : DelegatingHandler
{
    private const int Retries = 3;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly BackOff Pauses = new(TimeSpan.FromMilliseconds(200), LongestPause);

    /// <summary>By the request's method alone (RFC 9110, 9.2.2).</summary>
    public static bool HasIdempotentMethod(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
        || request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (failures > Retries || !MayRepeat(request, response.StatusCode))
            {
                return response;
            }

            var pause = ServerPause.Of(response, time.GetUtcNow()) ?? Pauses.After(failures, Jitter.Next);
            if (pause > LongestPause)
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private bool MayRepeat(HttpRequestMessage request, HttpStatusCode code) =>
        code == HttpStatusCode.TooManyRequests || ((int)code >= 500 && code != HttpStatusCode.NotImplemented && mayRunTwice(request));
}

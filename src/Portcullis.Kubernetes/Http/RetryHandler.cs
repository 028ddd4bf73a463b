using System.Net;
using System.Security.Cryptography;

namespace Portcullis.Kubernetes.Http;

/// <summary>
/// Tries again what the server was too busy for. 429 means nothing was done, so any verb is repeated; after a 5xx only verbs that may
/// run twice. A wait the server asks for is honoured when it is short enough to sit out, else the answer goes to the caller, whose
/// queue waits better. Broken connections are the caller's too.
/// </summary>
internal sealed class RetryHandler(TimeProvider time) : DelegatingHandler
{
    private const int Retries = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (attempt == Retries || !MayRepeat(request, response.StatusCode))
            {
                return response;
            }

            var wait = RetryAfter(response, time.GetUtcNow()) ?? Pause(attempt);
            if (wait > LongestWait)
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>What the answer's Retry-After asks for, as seconds or as a date.</summary>
    internal static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    private static bool MayRepeat(HttpRequestMessage request, HttpStatusCode code) =>
        code == HttpStatusCode.TooManyRequests || ((int)code >= 500 && code != HttpStatusCode.NotImplemented && IsIdempotent(request));

    private static bool IsIdempotent(HttpRequestMessage request)
    {
        if (request.Method == HttpMethod.Patch)
        {
            // Apply and merge patches say what shall be, JSON patches what to do.
            return request.Content?.Headers.ContentType?.MediaType is MediaTypes.Apply or MediaTypes.MergePatch;
        }

        return request.Method == HttpMethod.Get || request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete;
    }

    private static TimeSpan Pause(int attempt) => TimeSpan.FromMilliseconds((100 << attempt) + RandomNumberGenerator.GetInt32(50));
}

/// <summary>The patch types of the Kubernetes API.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";

    /// <summary>JSON is YAML; this is the one type every server since 1.16 takes.</summary>
    public const string Apply = "application/apply-patch+yaml";

    public const string MergePatch = "application/merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
}

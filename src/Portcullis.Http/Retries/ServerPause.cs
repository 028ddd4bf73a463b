namespace Portcullis.Http.Retries;

/// <summary>The pause that an answer asks for (RFC 9110, 10.2.3).</summary>
public static class ServerPause
{
    /// <summary>The header's seconds, or the time until its date; null without the header.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}

using System.Net;
using System.Text.Json;
using Portcullis.Http.Messages;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>Turns refusals of a registry, and failures to reach it, into a <see cref="RegistryException"/> that says what was asked.</summary>
internal static class RegistryErrors
{
    /// <summary>Of an error body; the rest is not read.</summary>
    public const int LargestBody = 64 * 1024;

    private const int LongestText = 1000;

    /// <param name="asked">Method and URL, without a query.</param>
    /// <param name="status">What was answered.</param>
    /// <param name="body">An OCI error body, or anything that stands between may have written.</param>
    public static RegistryException Of(string asked, HttpStatusCode status, ReadOnlySpan<byte> body)
    {
        var error = Read(body);
        var said = error?.Message is { Length: > 0 } message ? message : error?.Code is null ? Plain(body) : "";
        var text = string.Join(' ', new[] { $"{(int)status}", error?.Code, said }.Where(t => !string.IsNullOrEmpty(t)));
        return new RegistryException(KindOf(status, error?.Code), MessageSanitizer.Clean($"{asked}: {text}"), status, error?.Code);
    }

    public static RegistryException Unreachable(string asked, Exception e) =>
        new(RegistryFailure.Unavailable, MessageSanitizer.Clean($"{asked}: {(e is TimeoutException ? e : e.InnerException ?? e).Message}"), inner: e);

    /// <summary>An answer that the specification does not know, or content that is not what it should be.</summary>
    public static RegistryException Damaged(HttpResponseMessage response, string what) =>
        new(RegistryFailure.Damaged, $"{Asked(response.RequestMessage!)}: {what}", response.StatusCode);

    /// <summary>Method and URL, without the query, in which signatures may stand.</summary>
    public static string Asked(HttpRequestMessage request) => $"{request.Method} {request.RequestUri!.GetLeftPart(UriPartial.Path)}";

    private static RegistryFailure KindOf(HttpStatusCode status, string? code) => status switch
    {
        HttpStatusCode.Unauthorized => RegistryFailure.Unauthorized,
        HttpStatusCode.Forbidden => RegistryFailure.Denied,
        HttpStatusCode.NotFound => RegistryFailure.NotFound,
        HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => RegistryFailure.Unsupported,
        HttpStatusCode.TooManyRequests => RegistryFailure.TooManyRequests,
        HttpStatusCode.RequestTimeout => RegistryFailure.Unavailable,
        _ when code == "UNSUPPORTED" => RegistryFailure.Unsupported,
        _ when (int)status >= 500 => RegistryFailure.Unavailable,
        _ when (int)status >= 400 => RegistryFailure.Invalid,
        _ when (int)status >= 300 => RegistryFailure.Refused,
        _ => RegistryFailure.Damaged,
    };

    private static RegistryErrorLine? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, RegistryJsonContext.Default.RegistryErrorAnswer)?.Errors?.FirstOrDefault(e => e is not null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Plain(ReadOnlySpan<byte> body)
    {
        var text = System.Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestText)]).ReplaceLineEndings(" ").Trim();
        return body.Length > LongestText ? text + "…" : text;
    }
}

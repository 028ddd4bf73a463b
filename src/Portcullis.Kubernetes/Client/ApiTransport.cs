using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Http.Retries;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>
/// One request and its whole answer: builds the URL, limits the time, reads the body, turns a Status into the exception it is.
/// Watches alone are read by their own code.
/// </summary>
internal sealed class ApiTransport(HttpClient http, TimeProvider time)
{
    /// <summary>An error body is read up to here: enough for any Status worth showing.</summary>
    private const int ErrorBodyLimit = 64 * 1024;

    /// <summary>Longer than the API server's own time limit for a request, so that the server's error arrives first.</summary>
    internal static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(65);

    public TimeProvider Time => time;

    /// <summary>The answer's bytes; null for 404 where <paramref name="absentIsNull"/>.</summary>
    public async Task<byte[]?> SendAsync(ApiRequest request, CancellationToken cancellationToken, bool absentIsNull = false)
    {
        using var limit = new CancellationTokenSource(request.Limit ?? AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var message = Message(request);
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (absentIsNull && response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            await ThrowOnErrorAsync(request, response, either.Token);
            return await response.Content.ReadAsByteArrayAsync(either.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                HttpRequestError.Unknown,
                string.Create(CultureInfo.InvariantCulture, $"{request} was not answered within {(request.Limit ?? AnswerLimit).TotalSeconds:0} s"),
                e);
        }
        catch (IOException e)
        {
            // The connection broke inside the body; callers know one exception for "unreachable".
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"{request}: the connection was closed before the response was complete", e);
        }
    }

    public async Task<JsonObject?> SendForObjectAsync(ApiRequest request, CancellationToken cancellationToken, bool absentIsNull = false)
    {
        var bytes = await SendAsync(request, cancellationToken, absentIsNull);
        if (bytes is null)
        {
            return null;
        }

        try
        {
            return KubernetesJson.Parse(bytes) as JsonObject ?? throw new JsonException("not an object");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"the response to {request} is not a JSON object", e);
        }
    }

    /// <summary>The open answer, for a body that never ends. The caller disposes it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(Message(request), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            await ThrowOnErrorAsync(request, response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static HttpRequestMessage Message(ApiRequest request)
    {
        // Relative, so that a path in the server's address is kept.
        var message = new HttpRequestMessage(request.Method, new Uri(request.PathAndQuery.TrimStart('/'), UriKind.Relative));
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }

        return message;
    }

    private async Task ThrowOnErrorAsync(ApiRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var status = await ReadStatusAsync(response, cancellationToken);
        var code = (int)response.StatusCode;
        var message = status.Object?.String("message") is { Length: > 0 } text
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{request} was answered {code} {response.ReasonPhrase}{Excerpt(status.Text)}");
        throw new KubernetesApiException(response.StatusCode, status.Object?.String("reason") ?? "", message, status.Object)
        {
            RetryAfter = ServerPause.Of(response, time.GetUtcNow()),
        };
    }

    private static async Task<(JsonObject? Object, string Text)> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[ErrorBodyLimit];
        var length = 0;
        await using (var stream = await response.Content.ReadAsStreamAsync(cancellationToken))
        {
            length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }

        var body = buffer.AsSpan(0, length);
        try
        {
            if (KubernetesJson.Parse(body) is JsonObject status && status.String("kind") == "Status")
            {
                return (status, "");
            }
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing: shown as text.
        }

        return (null, Encoding.UTF8.GetString(body));
    }

    private static string Excerpt(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length switch
        {
            0 => "",
            > 200 => $": {line[..200]}…",
            _ => $": {line}",
        };
    }
}

using System.Net;
using System.Net.Sockets;
using Portcullis.Http.Connections;

namespace Portcullis.Up.Components;

/// <summary>Whether a local server answers a GET with success.</summary>
internal static class HttpProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Null when it does, else what is wrong; <paramref name="socket"/> names a Unix socket to connect to instead of the address. A server that
    /// <paramref name="asksForToken"/> answers well by refusing a request without one.
    /// </summary>
    public static async Task<string?> GetAsync(Uri uri, string? socket, CancellationToken cancellationToken, bool asksForToken = false)
    {
        using var handler = socket is null ? new SocketsHttpHandler { UseProxy = false } : UnixSocket.CreateHandler(socket);
        using var client = new HttpClient(handler) { Timeout = Timeout };
        try
        {
            using var response = await client.GetAsync(uri, cancellationToken);
            return response.IsSuccessStatusCode || (asksForToken && response.StatusCode == HttpStatusCode.Unauthorized) ? null : $"{uri} answers {(int)response.StatusCode}";
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{uri} does not answer";
        }
    }
}

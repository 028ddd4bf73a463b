using System.Net.Sockets;

namespace Portcullis.Http.Connections;

/// <summary>Reaches an HTTP server by a unix socket in place of a host and a port. The host of a request's URL is then only a name.</summary>
public static class UnixSocket
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    /// <summary>A handler whose connections all go to the socket at <paramref name="path"/>: by no proxy, and following no redirect.</summary>
    public static SocketsHttpHandler CreateHandler(string path) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectWithin,
        ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken),
    };

    /// <summary>Opens one connection; the stream owns the socket.</summary>
    /// <exception cref="SocketException">Nothing listens at the path, or this user may not connect to it.</exception>
    public static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

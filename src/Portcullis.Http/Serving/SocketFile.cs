using System.Net.Sockets;
using Portcullis.Http.Connections;

namespace Portcullis.Http.Serving;

/// <summary>The file of a unix socket that a server listens on.</summary>
internal static class SocketFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Takes away what a killed process left at the path: a socket that nobody listens on. Everything else stays.</summary>
    /// <exception cref="CannotListenException">Somebody listens there.</exception>
    public static async Task RemoveStaleAsync(ListenAddress.UnixSocket address, CancellationToken cancellationToken)
    {
        if (!File.Exists(address.Path))
        {
            return;
        }

        try
        {
            await using var connection = await UnixSocket.ConnectAsync(address.Path, cancellationToken);
        }
        // A regular file refuses a connection in the same way; one with content is not ours to delete.
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && new FileInfo(address.Path).Length == 0)
        {
            File.Delete(address.Path);
            return;
        }
        catch (SocketException e)
        {
            throw new CannotListenException(address, SocketError.AddressAlreadyInUse, e);
        }

        throw new CannotListenException(address, SocketError.AddressAlreadyInUse);
    }

    /// <summary>Until then the process' umask has kept others from writing, and so from connecting.</summary>
    public static void Protect(ListenAddress.UnixSocket address) => File.SetUnixFileMode(address.Path, OwnerOnly);
}

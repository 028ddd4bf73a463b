using System.Net.Sockets;

namespace Portcullis.Http.Serving;

/// <summary>A server cannot have the address it shall listen on.</summary>
public sealed class CannotListenException : IOException
{
    internal CannotListenException(ListenAddress address, SocketError error, Exception? inner = null)
        : base($"cannot listen on {address}: {Explain(address, error)}", inner)
    {
    }

    private static string Explain(ListenAddress address, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse when address is ListenAddress.UnixSocket => "the path is taken. Stop the process that listens there, or choose another path",
        SocketError.AddressAlreadyInUse => "it is in use by another process. Stop that process, or choose another port",
        SocketError.AccessDenied when address is ListenAddress.UnixSocket => "this user may not create it. Choose a folder of its own, or run as another user",
        SocketError.AccessDenied => "this user may not use it. Choose a port above 1023, or run as another user",
        SocketError.AddressNotAvailable => "this machine does not have that address. Choose one that it has",
        _ => new SocketException((int)error).Message,
    };
}

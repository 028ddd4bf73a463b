using System.Net;
using System.Net.Sockets;

namespace Portcullis.Http.Serving;

/// <summary>Where a server waits for connections.</summary>
public abstract record ListenAddress
{
    private ListenAddress()
    {
    }

    /// <summary>A port of this machine's own programs alone; 0 for any that is free.</summary>
    public static ListenAddress Loopback(int port) => new Tcp(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>A port of every network this machine is on; 0 for any that is free.</summary>
    public static ListenAddress Everywhere(int port) => new Tcp(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));

    /// <summary>An address and a port; port 0 for any that is free.</summary>
    public sealed record Tcp(IPEndPoint EndPoint) : ListenAddress
    {
        public override string ToString() =>
            EndPoint.Address.Equals(IPAddress.IPv6Any) || EndPoint.Address.Equals(IPAddress.Any)
                ? $"port {EndPoint.Port}"
                : $"port {EndPoint.Port} of {EndPoint.Address}";
    }

    /// <summary>A unix socket for its owner alone (mode 0600). What a killed process left at the path is taken away.</summary>
    public sealed record UnixSocket(string Path) : ListenAddress
    {
        public override string ToString() => $"the socket {Path}";
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portcullis.ApiServer;

/// <summary>A loopback port that nobody listens on, as far as can be known beforehand.</summary>
public static class LoopbackPort
{
    /// <summary>The port that <paramref name="file"/> keeps, if it is still free, so that it stays the same from one start to the next; else a free one. Writing it down is the caller's.</summary>
    public static int Choose(string file)
    {
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var kept) && IsFree(kept))
        {
            return kept;
        }

        return Free();
    }

    /// <summary>For a program that must be given one; somebody else may take it first.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

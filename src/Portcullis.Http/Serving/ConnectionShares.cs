using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Portcullis.Http.Serving;

/// <summary>
/// Limits how many connections one client keeps open, so that nobody takes all that a server has by opening connections and sending nothing. A
/// client is an IPv4 address or an IPv6 network of 64 bits, whose addresses one machine can have all. Beyond the limit its oldest connection without a request
/// makes room for the new one, so that idle ones keep out nobody who shares the address; where all have a request, the new one is closed at once, before TLS.
/// </summary>
internal sealed class ConnectionShares(int perClient)
{
    private const int NetworkBytes = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedList<Held>> _open = new(StringComparer.Ordinal);

    /// <summary>The connections of a unix socket have no address and are not limited: its file says who may connect.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: { } address })
        {
            await next(connection);
            return;
        }

        var held = new Held(connection);
        var client = ClientOf(address);
        if (!Take(client, held))
        {
            connection.Abort();
            return;
        }

        try
        {
            connection.Items[typeof(ConnectionShares)] = held;
            await next(connection);
        }
        finally
        {
            Release(client, held);
        }
    };

    /// <summary>Marks a connection as in use while it has a request.</summary>
    public static RequestDelegate Around(RequestDelegate next) => async http =>
    {
        var held = http.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(ConnectionShares), out var item) == true ? item as Held : null;
        held?.Begin();
        try
        {
            await next(http);
        }
        finally
        {
            held?.End();
        }
    };

    /// <summary>As it is counted.</summary>
    public static string ClientOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, NetworkBytes)));
    }

    private bool Take(string client, Held held)
    {
        Held? idle = null;
        lock (_gate)
        {
            if (!_open.TryGetValue(client, out var open))
            {
                _open[client] = open = [];
            }

            if (open.Count >= perClient)
            {
                idle = open.FirstOrDefault(h => h.IsIdle);
                if (idle is null)
                {
                    return false;
                }

                open.Remove(idle);
            }

            open.AddLast(held);
        }

        idle?.Close();
        return true;
    }

    private void Release(string client, Held held)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(client, out var open) && open.Remove(held) && open.Count == 0)
            {
                _open.Remove(client);
            }
        }
    }

    /// <summary>An open connection.</summary>
    private sealed class Held(ConnectionContext connection)
    {
        private int _requests;

        public bool IsIdle => Volatile.Read(ref _requests) == 0;

        public void Begin() => Interlocked.Increment(ref _requests);

        public void End() => Interlocked.Decrement(ref _requests);

        public void Close() => connection.Abort(new ConnectionAbortedException("another connection of the same client takes its place"));
    }
}

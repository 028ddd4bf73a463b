using System.Net;
using System.Net.Sockets;

namespace Portcullis.Http.Egress;

/// <summary>
/// Opens the connections of a client whose destinations come from outside (webhooks, mirrors, token realms), so that nobody can make it
/// reach what only this machine reaches. The name is resolved once, every address it has is checked, and the connection goes to a checked
/// address: a name that resolves differently a moment later gains nothing. One refused address refuses the name.
/// </summary>
public sealed class EgressGuard(EgressRules rules, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    /// <summary>So that an address is checked again in time although requests keep its connection busy.</summary>
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);

    /// <summary>Names are resolved by the system.</summary>
    public EgressGuard(EgressRules rules)
        : this(rules, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>
    /// A handler whose every connection is checked. It follows no redirect, because the caller knows nothing of where that would lead, and
    /// takes no proxy, because the proxy would choose the address.
    /// </summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = ConnectWithin,
        PooledConnectionLifetime = ConnectionLife,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, cancellationToken),
    };

    /// <summary>Opens one connection.</summary>
    /// <exception cref="EgressRefusedException">One of the host's addresses is not allowed.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(target.Host, cancellationToken);
        if (RefusalOf(target.Host, addresses) is { } refusal)
        {
            throw new EgressRefusedException(refusal);
        }

        return await OpenFirstAsync(target, addresses, cancellationToken);
    }

    /// <summary>Why no connection to the host would be opened, as its name resolves now; null when nothing is against it, or the name cannot be resolved.</summary>
    public async Task<string?> RefusalOfAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return RefusalOf(host, await AddressesAsync(host, cancellationToken));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private string? RefusalOf(string host, List<IPAddress> addresses) => addresses.Select(a => rules.Refusal(host, a)).FirstOrDefault(r => r is not null);

    private async Task<List<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var address) ? [address] : await resolve(host, cancellationToken);
        return [.. addresses.Select(EgressRules.Plain)];
    }

    private static async Task<Stream> OpenFirstAsync(DnsEndPoint target, List<IPAddress> addresses, CancellationToken cancellationToken)
    {
        SocketException? failure = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                failure = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}

using System.Net;
using System.Net.Sockets;
using Portcullis.Testing.Faults;

namespace Portcullis.Benchmarks.Promoting;

/// <summary>
/// Stands on loopback before a registry and counts what passes: requests by their verbs and paths, and every byte on the wire, headers included. What
/// goes through it is not timed.
/// </summary>
internal sealed class CountingRelay : IAsyncDisposable
{
    private readonly FaultProxy _proxy;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;
    private long _up;
    private long _down;

    private CountingRelay(FaultProxy proxy)
    {
        _proxy = proxy;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    public static async Task<CountingRelay> StartAsync(Uri registry) => new(await FaultProxy.StartAsync(registry));

    /// <summary>What passes while something is done.</summary>
    public async Task<Traffic> CountAsync(Func<Task> work)
    {
        _proxy.Faults.Reset();
        var (up, down) = (Interlocked.Read(ref _up), Interlocked.Read(ref _down));
        await work();
        return new Traffic(_proxy.Faults.Seen, Interlocked.Read(ref _up) - up, Interlocked.Read(ref _down) - down);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _proxy.DisposeAsync();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(RelayAsync(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end: the proxy behind closes its connections, and with them those that are open here.
            await Task.WhenAll(open);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _proxy.Address.Port);
                var (near, far) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(CopyAsync(near, far, count => Interlocked.Add(ref _up, count)), CopyAsync(far, near, count => Interlocked.Add(ref _down, count)));
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // One end has gone, and takes the other along.
            }
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Action<int> count)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer)) > 0)
            {
                count(read);
                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // As above.
        }
    }
}

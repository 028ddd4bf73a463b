using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portcullis.Http.Tests.Egress;

/// <summary>A server that counts its connections, gives each one answer and closes it. It says by which host and address it was reached.</summary>
internal sealed class CountingServer : IDisposable
{
    private readonly Socket _listener;
    private int _connections;

    /// <summary>On every address of this machine, so that only the guard keeps a client away.</summary>
    public CountingServer()
        : this(IPAddress.IPv6Any)
    {
    }

    public CountingServer(IPAddress address)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            _listener.DualMode = true;
        }

        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen();
        _ = ServeAsync();
    }

    public string? Answer { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections are accepted in their order: when one of our own is the first, none came before it.</summary>
    public async Task AssertNobodyCameAsync()
    {
        using var mine = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await mine.ConnectAsync(IPAddress.Loopback, Port);
        await mine.SendAsync("GET / HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray());
        Assert.That(await mine.ReceiveAsync(new byte[1]), Is.EqualTo(1));
        Assert.That(Connections, Is.EqualTo(1));
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptAsync();
                Interlocked.Increment(ref _connections);
                await AnswerAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Socket connection)
    {
        var buffer = new byte[4096];
        var length = await connection.ReceiveAsync(buffer);
        var lines = Encoding.ASCII.GetString(buffer, 0, length).Split("\r\n");
        var host = lines.Single(l => l.StartsWith("Host: ", StringComparison.Ordinal))["Host: ".Length..].Split(':')[0];
        var address = ((IPEndPoint)connection.LocalEndPoint!).Address;
        var text = $"{host} at {(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}";
        await connection.SendAsync(Encoding.ASCII.GetBytes(
            Answer ?? $"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\nConnection: close\r\n\r\n{text}"));
    }
}

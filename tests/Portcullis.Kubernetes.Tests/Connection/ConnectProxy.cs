using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portcullis.Kubernetes.Tests.Connection;

/// <summary>
/// An HTTP or HTTPS proxy that knows one place alone: whatever host a CONNECT names, the tunnel leads there. It wants this user and
/// password, where they are given.
/// </summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _place;
    private readonly X509Certificate2? _certificate;
    private readonly string? _login;
    private readonly Lock _gate = new();
    private readonly List<string> _tunnels = [];
    private readonly Task _accepting;

    public ConnectProxy(Uri place, string? login = null, X509Certificate2? certificate = null)
    {
        _place = place;
        _login = login is null ? null : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}";
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Authority => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Where clients wanted to go.</summary>
    public IReadOnlyList<string> Tunnels
    {
        get
        {
            lock (_gate)
            {
                return [.. _tunnels];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _certificate?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var socket = client;
        try
        {
            await using Stream stream = _certificate is null ? client.GetStream() : await EncryptAsync(client.GetStream(), _certificate);
            while (await HeadAsync(stream) is { Count: > 0 } head)
            {
                if (_login is not null && !head.Contains($"Proxy-Authorization: {_login}"))
                {
                    await SayAsync(stream, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n");
                    continue;
                }

                await TunnelAsync(head[0].Split(' ')[1], stream);
                return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // Either side hung up.
        }
    }

    private async Task TunnelAsync(string target, Stream stream)
    {
        lock (_gate)
        {
            _tunnels.Add(target);
        }

        using var upstream = new TcpClient();
        await upstream.ConnectAsync(_place.Host, _place.Port, _stop.Token);
        await SayAsync(stream, "HTTP/1.1 200 Connection established\r\n\r\n");
        var far = upstream.GetStream();
        await Task.WhenAny(stream.CopyToAsync(far, _stop.Token), far.CopyToAsync(stream, _stop.Token));
    }

    private static async Task<Stream> EncryptAsync(Stream stream, X509Certificate2 certificate)
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsServerAsync(certificate);
        return encrypted;
    }

    /// <summary>The lines up to the empty one.</summary>
    private async Task<List<string>> HeadAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!(bytes is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n']) && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            bytes.Add(one[0]);
        }

        return [.. Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private Task SayAsync(Stream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token).AsTask();
}

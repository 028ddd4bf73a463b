using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Portcullis.Benchmarks.Admitting;

/// <summary>One connection over TLS that posts reviews one after another and does nothing else: what it costs is taken from both servers alike, so it costs little.</summary>
internal sealed class ReviewClient : IDisposable
{
    private readonly TcpClient _socket;
    private readonly SslStream _stream;
    private readonly byte[] _buffer = new byte[16 * 1024];

    private ReviewClient(TcpClient socket, SslStream stream) => (_socket, _stream) = (socket, stream);

    public static async Task<ReviewClient> ConnectAsync(Uri server)
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
#pragma warning disable CA5359 // what is measured is the answer, on loopback
        var stream = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host });
        return new ReviewClient(socket, stream);
    }

    /// <summary>The bytes of a request, to be sent any number of times.</summary>
    public static byte[] Request(Uri url, string body) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"POST {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    /// <summary>Posts, reads the answer, and says whether it admits.</summary>
    public async Task<bool> PostAsync(byte[] request)
    {
        await _stream.WriteAsync(request);
        for (var read = 0; ;)
        {
            var count = await _stream.ReadAsync(_buffer.AsMemory(read));
            read += count;
            if (IsWhole(_buffer.AsSpan(0, read)))
            {
                return _buffer.AsSpan(0, read).IndexOf("\"allowed\":true"u8) >= 0;
            }

            if (count == 0)
            {
                throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, read));
            }
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    /// <summary>Kestrel sends an answer of one write with its length or in chunks; both end in a way that JSON does not.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var length = answer[..head].IndexOf("Content-Length: "u8);
        if (length < 0)
        {
            return answer.EndsWith("0\r\n\r\n"u8);
        }

        var digits = answer[(length + "Content-Length: ".Length)..];
        return answer.Length >= head + 4 + int.Parse(digits[..digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9')], CultureInfo.InvariantCulture);
    }
}

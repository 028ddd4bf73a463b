using System.Net.Sockets;
using System.Text;
using Portcullis.Http.Connections;

namespace Portcullis.Http.Tests.Connections;

/// <summary>Requests over a unix socket, against a real one.</summary>
internal sealed class UnixSocketTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unix-socket-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "s");

    [TearDown]
    public void Remove() => _folder.Delete(recursive: true);

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200)]
    [TestCase("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", 307)]
    public async Task A_request_is_answered_by_the_server_at_the_path_and_no_redirect_leads_away(string answer, int expected)
    {
        using var listener = Listen();
        var serving = ServeOneAsync(listener, answer);
        using var client = new HttpClient(UnixSocket.CreateHandler(Path));
        using var response = await client.GetAsync(new Uri("http://engine/_ping"));
        Assert.That((int)response.StatusCode, Is.EqualTo(expected));
        Assert.That(await serving, Does.StartWith("GET /_ping HTTP/1.1\r\nHost: engine\r\n"));
    }

    [Test]
    public async Task A_path_at_which_nothing_listens_is_a_failed_connection()
    {
        using var client = new HttpClient(UnixSocket.CreateHandler(Path));
        var e = (await Assert.CatchAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://engine/"))))!;
        Assert.That(e.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        return listener;
    }

    private static async Task<string> ServeOneAsync(Socket listener, string answer)
    {
        using var connection = await listener.AcceptAsync();
        var buffer = new byte[4096];
        var length = await connection.ReceiveAsync(buffer);
        await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portcullis.Http.Connections;
using Portcullis.Http.Serving;
using Portcullis.Testing;

namespace Portcullis.Http.Tests.Serving;

/// <summary>What a server of ours does, asked over real sockets.</summary>
internal sealed class HttpServerTests
{
    private static readonly HttpServerOptions Free = new() { Listen = ListenAddress.Loopback(0), Limits = new() { LargestBody = 10 } };
    private static readonly HttpServerOptions Limited = Free with { Limits = Free.Limits with { ConnectionsPerClient = 3 } };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("http-server-");

    [TearDown]
    public void Remove() => _folder.Delete(recursive: true);

    [Test]
    public async Task Listens_on_a_free_port_and_names_itself_to_nobody()
    {
        await using var server = await StartAsync(Free);
        using var client = new HttpClient(new SocketsHttpHandler());
        using var response = await client.GetAsync(new Uri(server.Address));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("hi"));
        Assert.That(response.Headers.Server, Is.Empty);
    }

    [Test]
    public async Task Serves_endpoints_with_services_of_their_own()
    {
        await using var server = await HttpServer.StartAsync(
            Free,
            services => services.AddSingleton(new Uri("http://a.service/")),
            application => application.MapGet("/service", c => c.Response.WriteAsync(c.RequestServices.GetRequiredService<Uri>().Host)),
            CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler());
        Assert.That(await client.GetStringAsync(new Uri($"{server.Address}/service")), Is.EqualTo("a.service"));
        using var other = await client.GetAsync(new Uri($"{server.Address}/other"));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_busy_port_is_one_error_that_names_the_port()
    {
        await using var first = await StartAsync(Free);
        var port = new Uri(first.Address).Port;
        using var log = new StringWriter();
        using var loggers = LoggerFactory.Create(b => b.AddProvider(new TextLoggers(log)));
        var e = (await Assert.CatchAsync<CannotListenException>(() => StartAsync(Free with { Listen = ListenAddress.Loopback(port), Loggers = loggers })))!;
        Assert.That(e.Message, Is.EqualTo(
            $"cannot listen on port {port} of 127.0.0.1: it is in use by another process. Stop that process, or choose another port"));
        Assert.That(log.ToString(), Is.Empty);
    }

    [Test]
    public async Task What_an_endpoint_throws_is_logged()
    {
        using var log = new StringWriter();
        using var loggers = LoggerFactory.Create(b => b.AddProvider(new TextLoggers(log)));
        await using var server = await HttpServer.StartAsync(Free with { Loggers = loggers }, _ => throw new InvalidOperationException("broken"), CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler());
        using var response = await client.GetAsync(new Uri(server.Address));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        await Eventually.HoldsAsync(() => log.ToString().Contains("broken", StringComparison.Ordinal));
    }

    [Test]
    public async Task An_address_of_another_machine_is_named()
    {
        var listen = new ListenAddress.Tcp(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0));
        var e = (await Assert.CatchAsync<CannotListenException>(() => StartAsync(Free with { Listen = listen })))!;
        Assert.That(e.Message, Is.EqualTo("cannot listen on port 0 of 192.0.2.1: this machine does not have that address. Choose one that it has"));
    }

    [TestCase(10, 200)]
    [TestCase(11, 413)]
    public async Task A_body_beyond_the_limit_is_refused(int length, int code)
    {
        await using var server = await HttpServer.StartAsync(Free, context => context.Request.Body.CopyToAsync(Stream.Null), CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler());
        using var body = new ByteArrayContent(new byte[length]);
        using var response = await client.PostAsync(new Uri(server.Address), body);
        Assert.That((int)response.StatusCode, Is.EqualTo(code));
    }

    [Test]
    public async Task A_client_that_does_not_finish_its_headers_is_sent_away()
    {
        await using var server = await StartAsync(Free with { Limits = Free.Limits with { HeadersWithin = TimeSpan.FromMilliseconds(200) } });
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port);
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n"u8.ToArray());
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[100];
        var length = await socket.ReceiveAsync(buffer, guard.Token);
        Assert.That(Encoding.ASCII.GetString(buffer, 0, length), length == 0 ? Is.Empty : Does.StartWith("HTTP/1.1 408"));
    }

    [Test]
    public async Task Idle_connections_keep_nobody_out_who_has_the_same_address()
    {
        await using var server = await StartAsync(Limited with { Listen = ListenAddress.Everywhere(0) });
        var idle = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            idle.Add(await ConnectAsync(server));
        }

        using (var one = await ConnectAsync(server))
        {
            Assert.That(await AskAsync(one), Does.StartWith("HTTP/1.1 200"));
            Assert.That(await AskAsync(one), Does.StartWith("HTTP/1.1 200"), "it is not closed itself");
        }

        Assert.That(await AskAsync(idle[0]), Is.Empty, "the oldest has made room");
        idle.ForEach(s => s.Dispose());
    }

    [Test]
    public async Task A_client_whose_connections_all_have_a_request_gets_no_more_and_no_request_is_broken_off()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;
        await using var server = await HttpServer.StartAsync(
            Limited with { Listen = ListenAddress.Everywhere(0) },
            async context =>
            {
                Interlocked.Increment(ref begun);
                await goOn.Task;
                await context.Response.WriteAsync("hi");
            },
            CancellationToken.None);
        var busy = new List<(Socket Socket, Task<string> Answer)>();
        for (var i = 0; i < 3; i++)
        {
            var socket = await ConnectAsync(server);
            busy.Add((socket, AskAsync(socket)));
        }

        await Eventually.HoldsAsync(() => Volatile.Read(ref begun) == 3);
        using (var one = await ConnectAsync(server))
        {
            Assert.That(await AskAsync(one), Is.Empty);
        }

        goOn.SetResult();
        foreach (var (socket, answer) in busy)
        {
            Assert.That(await answer, Does.StartWith("HTTP/1.1 200"));
            socket.Dispose();
        }
    }

    [Test]
    public async Task On_loopback_where_all_have_one_address_nobody_takes_what_is_another_clients()
    {
        await using var server = await StartAsync(Limited);
        var idle = new List<Socket>();
        for (var i = 0; i < 10; i++)
        {
            idle.Add(await ConnectAsync(server));
        }

        Assert.That(await AskAsync(idle[^1]), Does.StartWith("HTTP/1.1 200"));
        idle.ForEach(s => s.Dispose());
    }

    [Test]
    public async Task A_unix_socket_is_its_owners_alone_and_gone_with_the_server()
    {
        await using (await StartAsync(Free with { Listen = new ListenAddress.UnixSocket(SocketPath) }))
        {
            Assert.That(File.GetUnixFileMode(SocketPath), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            using var client = new HttpClient(UnixSocket.CreateHandler(SocketPath));
            Assert.That(await client.GetStringAsync(new Uri("http://server/")), Is.EqualTo("hi"));
        }

        Assert.That(File.Exists(SocketPath), Is.False);
    }

    [Test]
    public async Task A_socket_that_a_killed_process_left_is_taken_over()
    {
        LeaveBehind();
        await using var server = await StartAsync(Free with { Listen = new ListenAddress.UnixSocket(SocketPath) });
        using var client = new HttpClient(UnixSocket.CreateHandler(SocketPath));
        Assert.That(await client.GetStringAsync(new Uri("http://server/")), Is.EqualTo("hi"));
    }

    [Test]
    public async Task A_socket_that_somebody_listens_on_stays_theirs()
    {
        await using var first = await StartAsync(Free with { Listen = new ListenAddress.UnixSocket(SocketPath) });
        var e = (await Assert.CatchAsync<CannotListenException>(() => StartAsync(Free with { Listen = new ListenAddress.UnixSocket(SocketPath) })))!;
        Assert.That(e.Message, Does.StartWith($"cannot listen on the socket {SocketPath}: the path is taken"));
        using var client = new HttpClient(UnixSocket.CreateHandler(SocketPath));
        Assert.That(await client.GetStringAsync(new Uri("http://server/")), Is.EqualTo("hi"));
    }

    [Test]
    public async Task A_file_at_the_path_of_a_socket_is_not_deleted()
    {
        File.WriteAllText(SocketPath, "mine");
        await Assert.CatchAsync<CannotListenException>(() => StartAsync(Free with { Listen = new ListenAddress.UnixSocket(SocketPath) }));
        Assert.That(File.ReadAllText(SocketPath), Is.EqualTo("mine"));
    }

    private static async Task<Socket> ConnectAsync(HttpServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port);
        return socket;
    }

    /// <summary>Empty when the connection is closed in place of an answer.</summary>
    private static async Task<string> AskAsync(Socket socket)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[1000];
        try
        {
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), guard.Token);
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, guard.Token));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private string SocketPath => Path.Combine(_folder.FullName, "s");

    private static Task<HttpServer> StartAsync(HttpServerOptions options) =>
        HttpServer.StartAsync(options, context => context.Response.WriteAsync("hi"), CancellationToken.None);

    /// <summary>Moved away from the name it was bound to, it is not deleted when it is closed; as if its process had been killed.</summary>
    private void LeaveBehind()
    {
        var bound = Path.Combine(_folder.FullName, "bound");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(bound));
        File.Move(bound, SocketPath);
    }
}

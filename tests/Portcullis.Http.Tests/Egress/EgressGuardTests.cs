using System.Net;
using System.Net.Sockets;
using Portcullis.Http.Egress;

namespace Portcullis.Http.Tests.Egress;

/// <summary>The guard before real servers on loopback, which stands for everything that is not public.</summary>
internal sealed class EgressGuardTests
{
    private static readonly IPAddress Here = IPAddress.Loopback;
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    private readonly Dictionary<string, Queue<IPAddress[]>> _names = [];

    [Test]
    public async Task A_name_that_leads_to_loopback_is_not_connected_to()
    {
        using var server = new CountingServer();
        _names["inside.example"] = new([[Here]]);
        using var client = Client();
        var e = (await Assert.CatchAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://inside.example:{server.Port}/"))))!;
        Assert.That(e.InnerException, Is.InstanceOf<EgressRefusedException>().With.Message.Contains("inside.example has the address 127.0.0.1, which is a loopback address"));
        await server.AssertNobodyCameAsync();
    }

    [TestCase("127.0.0.1")]
    [TestCase("0x7f000001", Description = "an address as one number")]
    [TestCase("[::1]")]
    [TestCase("[::ffff:127.0.0.1]")]
    [TestCase("0.0.0.0", Description = "on Linux this machine itself")]
    [TestCase("localhost")]
    public async Task An_address_in_the_url_is_checked_like_a_name(string host)
    {
        using var server = new CountingServer();
        using var client = new HttpClient(new EgressGuard(EgressRules.PublicOnly).CreateHandler());
        var e = (await Assert.CatchAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://{host}:{server.Port}/"))))!;
        Assert.That(e.InnerException, Is.InstanceOf<EgressRefusedException>());
        await server.AssertNobodyCameAsync();
    }

    [Test]
    public async Task One_refused_address_of_several_refuses_the_name()
    {
        using var server = new CountingServer();
        _names["both.example"] = new([[Here, Other]]);
        using var client = Client("127.0.0.1");
        var e = (await Assert.CatchAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://both.example:{server.Port}/"))))!;
        Assert.That(e.InnerException, Is.InstanceOf<EgressRefusedException>().With.Message.Contains("127.0.0.2"));
        await server.AssertNobodyCameAsync();
    }

    [Test]
    public async Task A_name_is_resolved_once_and_the_checked_address_is_connected_to()
    {
        using var server = new CountingServer();
        _names["rebinding.example"] = new([[Here], [Other]]);
        using var client = Client("127.0.0.1");
        var answer = await client.GetStringAsync(new Uri($"http://rebinding.example:{server.Port}/"));
        Assert.That(answer, Is.EqualTo("rebinding.example at 127.0.0.1"));
        Assert.That(_names["rebinding.example"], Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_name_that_has_moved_is_refused_at_its_next_connection()
    {
        using var server = new CountingServer();
        _names["rebinding.example"] = new([[Here], [Other]]);
        using var client = Client("127.0.0.1");
        var url = new Uri($"http://rebinding.example:{server.Port}/");
        Assert.That(await client.GetStringAsync(url), Is.EqualTo("rebinding.example at 127.0.0.1"));
        var e = (await Assert.CatchAsync<HttpRequestException>(() => client.GetAsync(url)))!;
        Assert.That(e.InnerException, Is.InstanceOf<EgressRefusedException>());
    }

    [Test]
    public async Task A_redirect_is_handed_to_the_caller()
    {
        using var server = new CountingServer { Answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" };
        _names["allowed.example"] = new([[Here], [Here]]);
        using var client = Client("allowed.example");
        using var response = await client.GetAsync(new Uri($"http://allowed.example:{server.Port}/"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(server.Connections, Is.EqualTo(1));
    }

    [Test]
    public void No_proxy_chooses_the_address_in_place_of_the_guard()
    {
        using var handler = new EgressGuard(EgressRules.PublicOnly).CreateHandler();
        Assert.That(handler.UseProxy, Is.False);
    }

    [Test]
    public async Task The_next_address_is_tried_when_nothing_listens_at_one()
    {
        using var server = new CountingServer(Here);
        _names["two.example"] = new([[Other, Here]]);
        using var client = Client("two.example");
        Assert.That(await client.GetStringAsync(new Uri($"http://two.example:{server.Port}/")), Is.EqualTo("two.example at 127.0.0.1"));
    }

    [Test]
    public async Task A_name_without_an_address_is_a_failed_connection()
    {
        _names["none.example"] = new([[]]);
        using var client = Client();
        var e = (await Assert.CatchAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://none.example/"))))!;
        Assert.That(e.InnerException, Is.InstanceOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.HostNotFound));
    }

    private HttpClient Client(params string[] allowed) =>
        new(new EgressGuard(EgressRules.Parse(allowed, out _), (host, _) => Task.FromResult(_names[host].Dequeue())).CreateHandler());
}

using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Portcullis.Http.Serving;

namespace Portcullis.Http.Tests.Serving;

/// <summary>Limits that would take a test too long to reach.</summary>
internal sealed class KestrelSettingsTests
{
    private readonly KestrelServerOptions _kestrel = new();

    [TestCase(true)]
    [TestCase(false)]
    public void Slow_clients_are_for_servers_that_stream(bool allowed)
    {
        KestrelSettings.Apply(_kestrel, Options(new RequestLimits { LargestBody = null, AllowSlowClients = allowed }));
        Assert.That(_kestrel.Limits.MinRequestBodyDataRate, allowed ? Is.Null : Is.Not.Null);
        Assert.That(_kestrel.Limits.MinResponseDataRate, allowed ? Is.Null : Is.Not.Null);
    }

    [Test]
    public void Streams_of_a_connection_are_as_many_as_its_server_says()
    {
        KestrelSettings.Apply(_kestrel, Options(new RequestLimits { LargestBody = null, StreamsPerConnection = 7 }));
        Assert.That(_kestrel.Limits.Http2.MaxStreamsPerConnection, Is.EqualTo(7));
    }

    [Test]
    public void A_server_leaves_most_of_the_files_that_its_process_may_open_to_others()
    {
        KestrelSettings.Apply(_kestrel, Options(new RequestLimits { LargestBody = null, Connections = int.MaxValue }));
        Assert.That(_kestrel.Limits.MaxConcurrentConnections, Is.EqualTo(OpenFiles.Limit / 4).And.GreaterThan(0));
    }

    [TestCase(1000, 4000, 1000)]
    [TestCase(1000, 256, 64)]
    [TestCase(1000, 2, 1)]
    public void No_client_has_more_than_a_fourth_of_all_connections(int share, int connections, int most) =>
        Assert.That(KestrelSettings.PerClient(share, connections), Is.EqualTo(most));

    [Test]
    public void A_connection_without_a_request_ends_after_a_minute()
    {
        KestrelSettings.Apply(_kestrel, Options(new RequestLimits { LargestBody = null }));
        Assert.That(_kestrel.Limits.KeepAliveTimeout, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [TestCase("Max open files            1024                 4096                 files     ", 1024)]
    [TestCase("Max open files            unlimited            unlimited            files     ", int.MaxValue)]
    [TestCase("Max processes             7                    7                    processes ", int.MaxValue)]
    public void The_limit_of_open_files_is_the_soft_one(string line, int limit) => Assert.That(OpenFiles.Read(["Limit  Soft Limit", line]), Is.EqualTo(limit));

    [TestCase("192.0.2.1", "::ffff:192.0.2.1", true)]
    [TestCase("2001:db8::1", "2001:db8::ffff:2", true)]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", false)]
    [TestCase("192.0.2.1", "192.0.2.2", false)]
    public void Clients_are_told_apart_by_what_one_machine_can_have(string one, string other, bool isSame) =>
        Assert.That(ConnectionShares.ClientOf(IPAddress.Parse(one)) == ConnectionShares.ClientOf(IPAddress.Parse(other)), Is.EqualTo(isSame));

    private static HttpServerOptions Options(RequestLimits limits) => new() { Listen = ListenAddress.Loopback(0), Limits = limits };
}

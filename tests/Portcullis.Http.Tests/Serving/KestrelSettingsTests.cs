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

    private static HttpServerOptions Options(RequestLimits limits) => new() { Listen = ListenAddress.Loopback(0), Limits = limits };
}

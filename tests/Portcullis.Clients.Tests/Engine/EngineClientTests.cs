using System.Net;
using Portcullis.Clients.Engine;
using Portcullis.Testing.Engines;

namespace Portcullis.Clients.Tests.Engine;

/// <summary>Against a real dockerd.</summary>
internal sealed class EngineClientTests
{
    private DockerEngine _engine = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (DockerEngine.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        _engine = await DockerEngine.StartAsync("{\"labels\": [\"zone=a\"]}", CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_engine is { } engine)
        {
            await engine.DisposeAsync();
        }
    }

    [Test]
    public async Task Reads_who_the_engine_is_and_what_it_runs_with()
    {
        var version = await _engine.Client.GetVersionAsync(default);
        var info = await _engine.Client.GetInfoAsync(default);
        Assert.Multiple(() =>
        {
            Assert.That(version.Os, Is.EqualTo("linux"));
            Assert.That(info.ServerVersion, Is.EqualTo(version.Version));
            Assert.That(info.Swarm!.LocalNodeState, Is.EqualTo("inactive"));
            Assert.That(info.ContainersRunning, Is.Zero);
            Assert.That(info.Raw["Labels"]!.ToJsonString(), Is.EqualTo("[\"zone=a\"]"));
        });
    }

    [Test]
    public async Task What_is_not_there_is_null_or_empty()
    {
        Assert.That(await _engine.Client.GetNetworkAsync("no such/network", default), Is.Null);
        Assert.That((await _engine.Client.GetNetworkAsync("host", default))!.Driver, Is.EqualTo("host"));
        Assert.That(await _engine.Client.GetSwarmAsync(default), Is.Null);
        Assert.That(await _engine.Client.ListContainersAsync(all: true, default), Is.Empty);
    }

    [Test]
    public async Task Hears_a_reload_as_an_event_with_the_values_in_force()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var listening = new TaskCompletionSource();
        var heard = Task.Run(
            async () =>
            {
                await foreach (var one in _engine.Client.WatchEventsAsync("daemon", listening, stop.Token))
                {
                    if (one.Action == "reload")
                    {
                        return one;
                    }
                }

                return null;
            },
            stop.Token);
        await listening.Task.WaitAsync(stop.Token);
        await _engine.ReloadAsync();
        Assert.That((await heard)!.Actor!.Attributes!["labels"], Is.EqualTo("[\"zone=a\"]"));
    }

    [Test]
    public async Task A_socket_where_nobody_listens_is_unreachable_and_worth_another_try()
    {
        using var nobody = EngineClient.Connect("unix:///tmp/there-is-no-such.sock");
        var e = (await Assert.ThrowsAsync<EngineException>(() => nobody.PingAsync(default)))!;
        Assert.Multiple(() =>
        {
            Assert.That(e.IsUnreachable && e.IsTransient, Is.True);
            Assert.That(e.StatusCode, Is.EqualTo((HttpStatusCode?)null));
            Assert.That(e.Message, Does.Contain("GET /_ping"));
        });
    }

    [TestCase("tcp://10.0.0.1:2375")]
    [TestCase("unix://")]
    public void Only_a_unix_socket_is_an_address(string address) =>
        Assert.Throws<ArgumentException>(() => EngineClient.Connect(address).Dispose());
}

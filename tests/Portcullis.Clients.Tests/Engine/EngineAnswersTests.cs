using System.Net;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Engine;
using Portcullis.Http.Serving;

namespace Portcullis.Clients.Tests.Engine;

/// <summary>Answers that a healthy engine does not give: each is an <see cref="EngineException"/> that says what was asked.</summary>
internal sealed class EngineAnswersTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);
    private string _folder = null!;

    private string Socket => Path.Combine(_folder, "engine.sock");

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("pe-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    private static readonly (string Path, Func<EngineClient, CancellationToken, Task> Make)[] Calls =
    [
        ("_ping", (c, t) => c.PingAsync(t)),
        ("version", (c, t) => c.GetVersionAsync(t)),
        ("info", (c, t) => c.GetInfoAsync(t)),
        ("containers/json", (c, t) => c.ListContainersAsync(true, t)),
        ("networks/bridge", (c, t) => c.GetNetworkAsync("bridge", t)),
        ("swarm", (c, t) => c.GetSwarmAsync(t)),
        ("events", (c, t) => c.WatchEventsAsync("daemon", null, t).ToListAsync(t).AsTask()),
    ];

    private static IEnumerable<string> Paths => Calls.Select(c => c.Path);

    /// <summary>The stream of events may be silent for days.</summary>
    private static IEnumerable<string> AnsweredPaths => Paths.Where(p => p != "events");

    [TestCaseSource(nameof(Paths))]
    public async Task A_refusal_is_told_in_the_engines_own_words(string path)
    {
        await using var server = await ServeAsync(c => AnswerAsync(c, 500, "{\"message\": \"the store is locked\"}"));
        using var engine = EngineClient.Connect("unix://" + Socket);

        var refused = await FailsAsync(path, engine);

        Assert.That((refused.StatusCode, refused.IsUnreachable, refused.IsTransient), Is.EqualTo(((HttpStatusCode?)HttpStatusCode.InternalServerError, false, true)));
        Assert.That(refused.Message, Is.EqualTo($"GET /{path}: 500 the store is locked"));
    }

    [TestCaseSource(nameof(AnsweredPaths))]
    public async Task Silence_ends_after_a_while_and_is_told_as_such(string path)
    {
        await using var server = await ServeAsync(c => Task.Delay(Timeout.Infinite, c.RequestAborted));
        using var engine = EngineClient.Connect("unix://" + Socket, Short);

        var silent = await FailsAsync(path, engine);

        Assert.That(silent.IsUnreachable, Is.True);
        Assert.That(silent.Message, Is.EqualTo($"the engine did not answer GET /{path} within 0.5 s"));
    }

    [TestCaseSource(nameof(Paths))]
    public async Task A_call_that_is_no_longer_wanted_ends_as_cancelled(string path)
    {
        var asked = new TaskCompletionSource();
        await using var server = await ServeAsync(c =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, c.RequestAborted);
        });
        using var engine = EngineClient.Connect("unix://" + Socket);
        using var stop = new CancellationTokenSource();

        var call = CallOf(path)(engine, stop.Token);
        await asked.Task;
        await stop.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCaseSource(nameof(Paths))]
    public async Task Something_that_is_not_there_any_more_is_unreachable(string path)
    {
        using var engine = EngineClient.Connect("unix://" + Socket);

        var gone = await FailsAsync(path, engine);

        Assert.That(gone.IsUnreachable && gone.IsTransient, Is.True);
        Assert.That(gone.Message, Is.EqualTo($"the engine cannot be reached (GET /{path}): there is no such socket"));
    }

    [TestCase("version")]
    [TestCase("info")]
    [TestCase("containers/json")]
    [TestCase("networks/bridge")]
    [TestCase("swarm")]
    [TestCase("info", "null")]
    [TestCase("version", "null")]
    public async Task An_answer_that_is_no_json_is_told_as_such(string path, string answer = "<html>")
    {
        await using var server = await ServeAsync(c => AnswerAsync(c, 200, answer));
        using var engine = EngineClient.Connect("unix://" + Socket);

        var odd = await FailsAsync(path, engine);

        Assert.That(odd.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway), odd.Message);
        Assert.That(odd.Message, Is.EqualTo($"GET /{path}: the engine's answer is not what it should be"));
    }

    [TestCase("version")]
    [TestCase("info")]
    public async Task An_answer_without_end_is_not_read_to_its_end(string path)
    {
        await using var server = await ServeAsync(async c =>
        {
            var noise = new byte[1024 * 1024];
            while (!c.RequestAborted.IsCancellationRequested)
            {
                await c.Response.Body.WriteAsync(noise, c.RequestAborted);
            }
        });
        using var engine = EngineClient.Connect("unix://" + Socket);

        var large = await FailsAsync(path, engine);

        Assert.That(large.Message, Does.StartWith($"the engine cannot be reached (GET /{path}): "));
    }

    [Test]
    public async Task A_stream_of_events_that_breaks_off_inside_an_event_is_told_as_such()
    {
        var first = new TaskCompletionSource();
        await using var server = await ServeAsync(async c =>
        {
            await c.Response.WriteAsync("{\"Type\": \"daemon\", \"Action\": \"reload\", \"timeNano\": 7, \"Actor\": {\"Attributes\": {\"debug\": \"true\"}}}\n{\"Type\": \"dae");
            await c.Response.Body.FlushAsync();
            await first.Task;
            c.Abort();
        });
        using var engine = EngineClient.Connect("unix://" + Socket);
        var heard = new List<EngineEvent>();
        var listening = new TaskCompletionSource();

        var broken = await Assert.ThrowsAsync<EngineException>(async () =>
        {
            await foreach (var one in engine.WatchEventsAsync("daemon", listening, default))
            {
                heard.Add(one);
                first.TrySetResult();
            }
        });

        Assert.That(listening.Task.IsCompletedSuccessfully, Is.True);
        Assert.That(heard.Select(h => (h.Action, h.TimeNano, h.Actor!.Attributes!["debug"])), Is.EqualTo(new[] { ("reload", 7L, "true") }));
        Assert.That((broken!.IsUnreachable, broken.Message), Is.EqualTo((true, "the engine broke off its events")));
    }

    [Test]
    public async Task Only_events_of_the_type_and_since_the_moment_are_asked_for()
    {
        var asked = "";
        await using var server = await ServeAsync(c =>
        {
            asked = c.Request.Path + Uri.UnescapeDataString(c.Request.QueryString.Value ?? "");
            return Task.CompletedTask;
        });
        using var engine = EngineClient.Connect("unix://" + Socket);

        await engine.WatchEventsAsync("daemon", DateTimeOffset.FromUnixTimeSeconds(1700000000), null, default).ToListAsync();

        Assert.That(asked, Does.StartWith("/events?").And.Contain("since=1700000000").And.Contain("filters={\"type\":{\"daemon\":true}}"));
    }

    private Task<HttpServer> ServeAsync(RequestDelegate answer) => HttpServer.StartAsync(
        new HttpServerOptions { Listen = new ListenAddress.UnixSocket(Socket), Limits = new RequestLimits { LargestBody = null, AllowSlowClients = true } }, answer, default);

    private static Task AnswerAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }

    private static Func<EngineClient, CancellationToken, Task> CallOf(string path) => Calls.Single(c => c.Path == path).Make;

    private static async Task<EngineException> FailsAsync(string path, EngineClient engine) =>
        (await Assert.ThrowsAsync<EngineException>(() => CallOf(path)(engine, default)))!;
}

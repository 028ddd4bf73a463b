using System.Net;
using Portcullis.Http.Retries;
using Portcullis.Testing;

namespace Portcullis.Http.Tests.Retries;

/// <summary>Which requests are repeated, when, and how often.</summary>
internal sealed class RetryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Scripted _server = new();

    [TestCase("GET", 503, 2)]
    [TestCase("HEAD", 500, 2)]
    [TestCase("OPTIONS", 502, 2)]
    [TestCase("PUT", 500, 2)]
    [TestCase("DELETE", 504, 2)]
    [TestCase("POST", 503, 1)]
    [TestCase("PATCH", 500, 1)]
    [TestCase("POST", 429, 2)]
    [TestCase("GET", 501, 1)]
    [TestCase("GET", 404, 1)]
    [TestCase("GET", 409, 1)]
    public async Task Repeats_only_what_may_run_twice(string method, int code, int times)
    {
        _server.Answers.Enqueue(new HttpResponseMessage((HttpStatusCode)code));
        using var answer = await SendAsync(method);
        Assert.That(_server.Requests, Has.Count.EqualTo(times));
        Assert.That((int)answer.StatusCode, Is.EqualTo(times == 2 ? 200 : code));
    }

    [Test]
    public async Task Waits_for_the_seconds_that_the_server_asks()
    {
        _server.Answers.Enqueue(new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(7)) } });
        var started = _time.GetUtcNow();
        using var answer = await SendAsync("GET");
        Assert.That(_time.GetUtcNow() - started, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(7)).And.LessThan(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public async Task Leaves_a_long_wait_to_the_caller()
    {
        var busy = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(_time.GetUtcNow() + TimeSpan.FromMinutes(5)) } };
        _server.Answers.Enqueue(busy);
        Assert.That(await SendAsync("GET"), Is.SameAs(busy));
        Assert.That(ServerPause.Of(busy, _time.GetUtcNow()), Is.EqualTo(TimeSpan.FromMinutes(5)).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Gives_up_after_three_repetitions()
    {
        for (var i = 0; i < 10; i++)
        {
            _server.Answers.Enqueue(new HttpResponseMessage(HttpStatusCode.InternalServerError));
        }

        using var answer = await SendAsync("GET");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(_server.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public void A_date_that_has_passed_asks_for_no_pause()
    {
        using var answer = new HttpResponseMessage { Headers = { RetryAfter = new(_time.GetUtcNow() - TimeSpan.FromMinutes(5)) } };
        Assert.That(ServerPause.Of(answer, _time.GetUtcNow()), Is.EqualTo(TimeSpan.Zero));
        using var none = new HttpResponseMessage();
        Assert.That(ServerPause.Of(none, _time.GetUtcNow()), Is.Null);
    }

    private async Task<HttpResponseMessage> SendAsync(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://x/");
        var sending = Scripted.SendAsync(new RetryHandler(RetryHandler.HasIdempotentMethod, _time), _server, request);
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(500), () => sending.IsCompleted);
        return await sending;
    }
}

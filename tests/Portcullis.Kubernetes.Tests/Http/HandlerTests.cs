using System.Net;
using System.Net.Http.Headers;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Http;

/// <summary>Each handler's one concern.</summary>
internal sealed class HandlerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<HttpRequestMessage> _sent = [];
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    [TestCase("GET", null, 503, 2)]
    [TestCase("PATCH", "application/apply-patch+yaml", 500, 2)]
    [TestCase("PATCH", "application/json-patch+json", 500, 1)]
    [TestCase("POST", "application/json", 503, 1)]
    [TestCase("POST", "application/json", 429, 2)]
    [TestCase("GET", null, 404, 1)]
    [TestCase("GET", null, 409, 1)]
    public async Task Repeats_only_what_may_run_twice(string method, string? type, int code, int times)
    {
        _answers.Enqueue(() => new HttpResponseMessage((HttpStatusCode)code));
        using var content = type is null ? null : new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://x/") { Content = content };
        var answer = await WithTimeAsync(Send(new RetryHandler(_time), request));
        Assert.That(_sent, Has.Count.EqualTo(times));
        Assert.That((int)answer.StatusCode, Is.EqualTo(times == 2 ? 200 : code));
    }

    [Test]
    public async Task Waits_as_long_as_the_server_asks()
    {
        _answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(7)) } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://x/");
        var started = _time.GetUtcNow();
        await WithTimeAsync(Send(new RetryHandler(_time), request));
        Assert.That(_time.GetUtcNow() - started, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(7)).And.LessThan(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public async Task Leaves_a_long_wait_to_the_callers_queue_and_gives_up_in_the_end()
    {
        _answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromMinutes(5)) } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://x/");
        Assert.That((await WithTimeAsync(Send(new RetryHandler(_time), request))).StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        for (var i = 0; i < 10; i++)
        {
            _answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.InternalServerError));
        }

        _sent.Clear();
        using var second = new HttpRequestMessage(HttpMethod.Get, "http://x/");
        Assert.That((await WithTimeAsync(Send(new RetryHandler(_time), second))).StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(_sent, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Asks_for_a_newer_credential_after_a_401_once()
    {
        var source = new Rotating();
        _answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.Unauthorized));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://x/");
        var answer = await Send(new AuthenticationHandler(source, null), request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(request.Headers.Authorization!.Parameter, Is.EqualTo("token2"));
    }

    [Test]
    public async Task Says_whom_it_acts_as()
    {
        var who = new Impersonation("ann")
        {
            Extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["example.dev/scope"] = ["x"] },
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://x/");
        await Send(new AuthenticationHandler(FixedCredentials.None, who), request);
        Assert.That(request.Headers.GetValues("Impersonate-User"), Is.EqualTo(new[] { "ann" }));
        Assert.That(request.Headers.GetValues("Impersonate-Extra-example.dev%2Fscope"), Is.EqualTo(new[] { "x" }));
    }

    private async Task<HttpResponseMessage> Send(DelegatingHandler handler, HttpRequestMessage request)
    {
        handler.InnerHandler = new Recorder(this);
        using var invoker = new HttpMessageInvoker(handler);
        return await invoker.SendAsync(request, CancellationToken.None);
    }

    private async Task<HttpResponseMessage> WithTimeAsync(Task<HttpResponseMessage> sending)
    {
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(500), () => sending.IsCompleted);
        return await sending;
    }

    private sealed class Recorder(HandlerTests test) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            test._sent.Add(request);
            return Task.FromResult(test._answers.TryDequeue(out var answer) ? answer() : new HttpResponseMessage(HttpStatusCode.OK));
        }
    }

    private sealed class Rotating : ICredentialSource
    {
        private int _turn = 1;

        public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate => null;

        public ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Credential.Bearer($"token{_turn}"));

        public bool Refused(Credential credential) => ++_turn > 0;
    }
}

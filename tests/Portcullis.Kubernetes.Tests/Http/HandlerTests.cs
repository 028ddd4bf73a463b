using System.Net;
using System.Net.Http.Headers;
using Portcullis.Http.Credentials;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;

namespace Portcullis.Kubernetes.Tests.Http;

/// <summary>Each handler's one concern.</summary>
internal sealed class HandlerTests
{
    private static readonly CredentialBinding Server = CredentialBinding.ToEvenOverPlainHttp(new Uri("http://x/"));
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    [TestCase("PATCH", "application/apply-patch+yaml", true)]
    [TestCase("PATCH", "application/merge-patch+json", true)]
    [TestCase("PATCH", "application/json-patch+json", false)]
    [TestCase("PATCH", null, false)]
    [TestCase("POST", "application/apply-patch+yaml", false)]
    public void A_patch_that_says_what_shall_be_may_run_twice(string method, string? type, bool twice)
    {
        using var content = type is null ? null : new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://x/") { Content = content };
        Assert.That(MediaTypes.IsIdempotentPatch(request), Is.EqualTo(twice));
    }

    [Test]
    public async Task Asks_for_a_newer_credential_after_a_401_once()
    {
        var source = new Rotating();
        _answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.Unauthorized));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://x/");
        var answer = await Send(new AuthenticationHandler(Server, source, null), request);
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
        await Send(new AuthenticationHandler(Server, FixedCredentials.None, who), request);
        Assert.That(request.Headers.GetValues("Impersonate-User"), Is.EqualTo(new[] { "ann" }));
        Assert.That(request.Headers.GetValues("Impersonate-Extra-example.dev%2Fscope"), Is.EqualTo(new[] { "x" }));
    }

    [TestCase("https://x/")]
    [TestCase("http://x:81/")]
    [TestCase("http://elsewhere/")]
    public async Task Shows_another_server_neither_credential_nor_whom_it_acts_as(string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        await Send(new AuthenticationHandler(Server, new Rotating(), new Impersonation("ann")), request);
        Assert.That(request.Headers, Is.Empty);
    }

    private async Task<HttpResponseMessage> Send(DelegatingHandler handler, HttpRequestMessage request)
    {
        handler.InnerHandler = new Recorder(this);
        using var invoker = new HttpMessageInvoker(handler);
        return await invoker.SendAsync(request, CancellationToken.None);
    }

    private sealed class Recorder(HandlerTests test) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            return Task.FromResult(test._answers.TryDequeue(out var answer) ? answer() : new HttpResponseMessage(HttpStatusCode.OK));
        }
    }

    private sealed class Rotating : ICredentialSource
    {
        private int _turn = 1;

        public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate => null;

        public ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new Credential { Authorization = new("Bearer", $"token{_turn}") });

        public bool Refused(Credential credential) => ++_turn > 0;
    }
}

namespace Portcullis.Http.Tests;

/// <summary>A server as a handler: gives the answers put into it, then 200, and remembers what it was asked.</summary>
internal sealed class Scripted : HttpMessageHandler
{
    public Queue<HttpResponseMessage> Answers { get; } = new();

    public List<HttpRequestMessage> Requests { get; } = [];

    public static async Task<HttpResponseMessage> SendAsync(DelegatingHandler handler, Scripted server, HttpRequestMessage request)
    {
        handler.InnerHandler ??= server;
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        return await invoker.SendAsync(request, CancellationToken.None);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        return Task.FromResult(Answers.TryDequeue(out var answer) ? answer : new HttpResponseMessage());
    }
}
